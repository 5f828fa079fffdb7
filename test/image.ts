import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SOCKET } from './live/engine-image.ts'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
/** Test files may run at the same time. */
const BASE = `pilotlight-test-${process.pid}:base`

/** A user's terminal: npm hands its settings to what it runs, which npm would take for its own. */
const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')))

const run = (program: string, ...words: string[]): string =>
  execFileSync(program, words, { cwd: ROOT, encoding: 'utf8', env: clean, stdio: ['ignore', 'pipe', 'pipe'] })

/** Runs a command of the engine that PILOTLIGHT_DOCKER_SOCKET names; gives what it printed. */
export const docker = (...words: string[]): string => run('docker', '-H', `unix://${SOCKET}`, ...words)

/** Follows the lines of the Dockerfile in a folder of the test's own; gives the name of the image. */
export function buildImage(folder: string): string {
  importBase()
  run('npm', 'pack', '--pack-destination', folder)
  const [packed] = run('sh', '-c', `ls ${folder}/pilotlight-*.tgz`).trim().split('\n')
  run('npm', 'install', '--prefix', join(folder, 'image'), '--omit=dev', '--no-audit', '--no-fund', packed!)
  return build('image', BASE, join(ROOT, 'Dockerfile'), join(folder, 'image'))
}

/** Builds the image of a Dockerfile that asks no registry; gives its name. */
export function build(tag: string, base: string, file: string, context: string): string {
  const image = `pilotlight-test-${process.pid}:${tag}`
  const words = ['build', '--build-arg', `BASE=${base}`, '-t', image, '-f', file, context]
  const env = { ...clean, DOCKER_BUILDKIT: '0' }
  execFileSync('docker', ['-H', `unix://${SOCKET}`, ...words], { env, stdio: 'pipe' })
  return image
}

export function removeImage(image: string): void {
  docker('image', 'rm', '--force', image, BASE)
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
