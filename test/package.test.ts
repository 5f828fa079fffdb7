import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { publint } from 'publint'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { finished } from './cli/pilotlight.ts'

const ROOT = fileURLToPath(new URL('../', import.meta.url))

interface Manifest {
  readonly name: string
  readonly version: string
  readonly engines: Readonly<Record<string, string>>
  readonly bin: Readonly<Record<string, string>>
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>
  readonly files: readonly string[]
  readonly scripts: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
  readonly allowScripts: Readonly<Record<string, boolean>>
}

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly resolved?: string }>>
}

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest
const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as Lock
const packages = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })

describe('package.json', () => {
  it('pins every package to one version, which is the one in the lock file', () => {
    expect(packages.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([])
    const locked = packages.map(([name]) => [name, lock.packages[`node_modules/${name}`]?.version])
    expect(locked).toEqual(packages)
  })

  it('lets no package but node run a script when it is installed', () => {
    expect(manifest.allowScripts).toEqual({ node: true })
  })

  it('asks for a Node that the one among its packages is', () => {
    const [, least] = /^>=(\d+)$/.exec(manifest.engines['node']!)!
    expect(Number.parseInt(manifest.devDependencies['node']!, 10)).toBeGreaterThanOrEqual(Number(least))
    expect(process.versions.node).toBe(manifest.devDependencies['node'])
  })

  it('has a lock file that names no registry, so that any will do', () => {
    expect(Object.entries(lock.packages).filter(([, { resolved }]) => resolved !== undefined)).toEqual([])
  })

  it('has scripts for everything that the house asks of a change', () => {
    expect(Object.keys(manifest.scripts)).toEqual(expect.arrayContaining(['start', 'test', 'check', 'bench', 'docs']))
  })
})

describe('the package, built', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pilotlight-package-'))
  beforeAll(() => {
    const compiler = join(ROOT, 'node_modules/typescript/bin/tsc')
    const build = ['-p', 'tsconfig.build.json', '--outDir', join(folder, 'dist'), '--incremental', 'false']
    execFileSync(process.execPath, [compiler, ...build, '--tsBuildInfoFile', 'null'], { cwd: ROOT })
    for (const name of ['package.json', 'README.md', 'LICENSE', 'docs']) {
      cpSync(join(ROOT, name), join(folder, name), { recursive: true })
    }
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'dir')
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('holds every file that package.json points to, as publint and we see it', async () => {
    const { messages } = await publint({ pkgDir: folder, pack: false, strict: true })
    expect(messages).toEqual([])
    const pointed = [
      ...Object.values(manifest.bin),
      ...Object.values(manifest.exports).flatMap((each) => (typeof each === 'string' ? each : Object.values(each))),
      ...manifest.files,
    ]
    expect(pointed.length).toBeGreaterThan(4)
    expect(pointed.filter((path) => !existsSync(join(folder, path)))).toEqual([])
  })

  it('has a command that runs without the sources', async () => {
    const main = join(folder, manifest.bin['pilotlight']!)
    expect(readFileSync(main, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/)
    expect(await finished(folder, process.execPath, [main, '--version'])).toEqual({
      code: 0,
      stdout: `${manifest.version}\n`,
      stderr: '',
    })
  })

  it('is a library under its own name', async () => {
    const user = join(folder, 'user.mjs')
    writeFileSync(
      user,
      "import { policies, VERSION } from 'pilotlight'\nconsole.log(VERSION, policies.ids.length > 3)\n",
    )
    expect((await finished(folder, process.execPath, [user])).stdout).toBe(`${manifest.version} true\n`)
  })

  it('loads its workers from where it was built', async () => {
    const sample = join(ROOT, 'experiments/quickstart.yaml')
    const words = [join(folder, manifest.bin['pilotlight']!), 'run', sample, '--jobs', '2', '--json', '--quiet']
    const { code, stdout } = await finished(folder, process.execPath, words)
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ experiment: 'quickstart', runs: [{}, {}, {}] })
  })
})
