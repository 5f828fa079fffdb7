import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resultsIn } from '../../src/experiment/results.ts'
import { openStore } from '../../src/store/store.ts'
import { pilotlight } from '../cli/pilotlight.ts'
import { buildImage, docker, removeImage } from '../image.ts'
import { SKIPPED, SOCKET } from '../live/engine-image.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const EXPERIMENT = `
name: spread
trace: { path: ./trace }
model: { kind: instances }
policies: [{ policy: fixed }]
baseline: fixed
`

describe.skipIf(SOCKET === undefined)(`the image of the Dockerfile ${SOCKET === undefined ? SKIPPED : ''}`, () => {
  let folder: string
  let image: string
  const inImage = (variables: readonly string[], line: string): string =>
    docker(
      'run',
      '--rm',
      '--network=none',
      ...variables.flatMap((each) => ['-e', each]),
      '-v',
      `${folder}:/shared`,
      image,
      '/bin/sh',
      '-euc',
      line,
    )

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pilotlight-image-'))
    chmodSync(folder, 0o777)
    image = buildImage(folder)
    writeFileSync(join(folder, 'spread.yaml'), EXPERIMENT)
    const made = await pilotlight(folder, 'synth', '--apps', '60', '--days', '1', '--out', 'trace')
    if (made.code !== 0) throw new Error(made.stderr)
  })
  afterAll(() => {
    if (folder === undefined) return
    removeImage(image)
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

  it('is not run by root, and tells its commands when it is given none', async () => {
    expect(inImage([], 'id -u').trim()).toBe('1000')
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }
    expect(docker('run', '--rm', '--network=none', image, 'pilotlight', '--version').trim()).toBe(version)
    const help = await pilotlight(folder, '--help')
    expect(help.stdout).toContain('pilotlight <command> --help')
    expect(docker('run', '--rm', '--network=none', image)).toBe(help.stdout)
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
