import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resultsIn } from '../../src/experiment/results.ts'
import { openStore } from '../../src/store/store.ts'
import { pilotlight } from '../cli/pilotlight.ts'
import { SKIPPED, SOCKET } from '../live/engine-image.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const BASE = 'pilotlight-test:base'
const IMAGE = 'pilotlight-test:image'
const EXPERIMENT = `
name: spread
trace: { path: ./trace }
model: { kind: instances }
policies: [{ policy: fixed }]
baseline: fixed
`

/** A user's terminal: npm hands its settings to what it runs, which npm would take for its own. */
const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')))

const run = (program: string, ...words: string[]): string =>
  execFileSync(program, words, { cwd: ROOT, encoding: 'utf8', env: clean, stdio: ['ignore', 'pipe', 'pipe'] })
const docker = (...words: string[]): string => run('docker', '-H', `unix://${SOCKET}`, ...words)

describe.skipIf(SOCKET === undefined)(`the image of the Dockerfile ${SOCKET === undefined ? SKIPPED : ''}`, () => {
  let folder: string
  const inImage = (variables: readonly string[], line: string): string =>
    docker(
      'run',
      '--rm',
      '--network=none',
      ...variables.flatMap((each) => ['-e', each]),
      '-v',
      `${folder}:/shared`,
      IMAGE,
      '/bin/sh',
      '-euc',
      line,
    )

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pilotlight-image-'))
    chmodSync(folder, 0o777)
    importBase()
    // The lines of the Dockerfile, in a folder of the test's own.
    run('npm', 'pack', '--pack-destination', folder)
    const [packed] = run('sh', '-c', `ls ${folder}/pilotlight-*.tgz`).trim().split('\n')
    run('npm', 'install', '--prefix', join(folder, 'image'), '--omit=dev', '--no-audit', '--no-fund', packed!)
    execFileSync(
      'docker',
      [
        '-H',
        `unix://${SOCKET}`,
        'build',
        '--build-arg',
        `BASE=${BASE}`,
        '-t',
        IMAGE,
        '-f',
        join(ROOT, 'Dockerfile'),
        join(folder, 'image'),
      ],
      { env: { ...clean, DOCKER_BUILDKIT: '0' }, stdio: 'pipe' },
    )
    writeFileSync(join(folder, 'spread.yaml'), EXPERIMENT)
    const made = await pilotlight(folder, 'synth', '--apps', '60', '--days', '1', '--out', 'trace')
    if (made.code !== 0) throw new Error(made.stderr)
  })
  afterAll(() => {
    if (folder === undefined) return
    docker('image', 'rm', '--force', IMAGE, BASE)
    rmSync(folder, { recursive: true, force: true })
  })

  it('runs the shards of an array job, by apps, to the bits of this machine', async () => {
    for (const index of [0, 1]) {
      const line = `pilotlight run /shared/spread.yaml --shard auto/2 --jobs 1 --store /shared/${index}.sqlite`
      expect(inImage([`JOB_COMPLETION_INDEX=${index}`], line)).toContain(`fixed, part ${index + 1} of 2 (finished)`)
    }
    inImage([], 'pilotlight merge /shared/0.sqlite /shared/1.sqlite --shards 2 --out /shared/all.sqlite')
    const here = await pilotlight(folder, 'run', 'spread.yaml', '--store', 'whole.sqlite')
    expect(here.code, here.stderr).toBe(0)
    expect(ledgerIn(join(folder, 'all.sqlite'))).toEqual(ledgerIn(join(folder, 'whole.sqlite')))
  })

  it('is not run by root, and tells its commands when it is given none', () => {
    expect(inImage([], 'id -u').trim()).toBe('1000')
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }
    expect(docker('run', '--rm', '--network=none', IMAGE, 'pilotlight', '--version').trim()).toBe(version)
    expect(docker('run', '--rm', '--network=none', IMAGE)).toContain('pilotlight run <experiment>')
  })
})

function ledgerIn(path: string): readonly number[] {
  const store = openStore(path, { create: false })
  try {
    return [...new Float64Array(resultsIn(store).finished[0]!.ledger.buffer)]
  } finally {
    store.close()
  }
}

/** An image with Node.js and a shell, from files of this machine, since no registry of images can be asked. */
function importBase(): void {
  const staging = mkdtempSync(join(tmpdir(), 'pilotlight-base-'))
  chmodSync(staging, 0o755)
  const copy = (from: string, to: string): void => {
    mkdirSync(dirname(join(staging, to)), { recursive: true })
    copyFileSync(from, join(staging, to))
  }
  try {
    for (const [program, place] of [
      [process.execPath, 'usr/local/bin/node'],
      ['/bin/sh', 'bin/sh'],
      ['/usr/bin/env', 'usr/bin/env'],
      ['/usr/bin/id', 'usr/bin/id'],
    ] as const) {
      copy(program, place)
      const linked = execFileSync('ldd', [program], { encoding: 'utf8' })
      for (const [, library] of linked.matchAll(/(\/\S+) \(0x/g)) copy(library!, library!)
    }
    for (const name of ['proc', 'sys', 'dev']) mkdirSync(join(staging, name), { recursive: true })
    mkdirSync(join(staging, 'tmp'))
    chmodSync(join(staging, 'tmp'), 0o777)
    execFileSync('tar', ['-C', staging, '--owner=0', '--group=0', '-cf', `${staging}.tar`, '.'])
    docker('import', `${staging}.tar`, BASE)
  } finally {
    rmSync(staging, { recursive: true, force: true })
    rmSync(`${staging}.tar`, { force: true })
  }
}
