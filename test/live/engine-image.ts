import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** The socket of a Docker Engine for tests, named by the environment; undefined where there is none. */
export const SOCKET = process.env['PILOTLIGHT_DOCKER_SOCKET']
/** The reason in the name of tests that need it. */
export const SKIPPED = '(skipped where PILOTLIGHT_DOCKER_SOCKET names no engine)'
/** The image that the tests' containers run: node, what it links to, and the test programs with their packages. */
export const IMAGE = 'pilotlight-test:programs'

/** Makes the image from files of this machine, since no registry can be asked. */
export async function importImage(socketPath: string): Promise<void> {
  const staging = mkdtempSync(join(tmpdir(), 'pilotlight-image-'))
  chmodSync(staging, 0o755)
  try {
    copy(process.execPath, join(staging, 'usr/local/bin/node'))
    for (const library of linkedTo(process.execPath)) copy(library, join(staging, library))
    copy(join(ROOT, 'test/live/programs'), join(staging, 'app/programs'))
    for (const name of closure(['@fnproject/fdk', '@google-cloud/functions-framework'])) {
      copy(join(ROOT, 'node_modules', name), join(staging, 'app/node_modules', name))
    }
    for (const folder of ['tmp', 'proc', 'sys', 'dev']) mkdirSync(join(staging, folder), { recursive: true })
    execFileSync('tar', ['-C', staging, '--owner=0', '--group=0', '-cf', `${staging}.tar`, '.'])
    execFileSync('docker', ['-H', `unix://${socketPath}`, 'import', `${staging}.tar`, IMAGE], { stdio: 'pipe' })
  } finally {
    rmSync(staging, { recursive: true, force: true })
    rmSync(`${staging}.tar`, { force: true })
  }
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true })
  cpSync(from, to, { recursive: true, dereference: true })
}

function linkedTo(program: string): string[] {
  const lines = execFileSync('ldd', [program], { encoding: 'utf8' })
  return [...lines.matchAll(/(\/\S+) \(0x/g)].map(([, path]) => path!)
}

/** Packages with everything that they depend on, as far as it lies in the top folder of modules. */
function closure(names: readonly string[]): readonly string[] {
  const all = new Set<string>()
  const add = (name: string): void => {
    const manifest = join(ROOT, 'node_modules', name, 'package.json')
    if (all.has(name) || !existsSync(manifest)) return
    all.add(name)
    const { dependencies = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as { dependencies?: object }
    for (const dependency of Object.keys(dependencies)) add(dependency)
  }
  for (const name of names) add(name)
  return [...all]
}
