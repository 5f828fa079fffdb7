import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { publint } from 'publint'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { finished, type Finished } from './cli/pilotlight.ts'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
/** What judges the package and builds on it; exact, because no lock file holds them. */
const ATTW = '@arethetypeswrong/cli@0.18.5'
const NODES = ['22.23.3', '24.21.0']
const { devDependencies, name, version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  readonly devDependencies: Readonly<Record<string, string>>
  readonly name: string
  readonly version: string
}

const home = mkdtempSync(join(tmpdir(), 'pilotlight-package-'))
const clone = join(home, 'clone')
/** A terminal outside this project: its Node and its packages are not in the path. */
const PATH = (process.env['PATH'] ?? '')
  .split(delimiter)
  .filter((folder) => !folder.startsWith(ROOT) && !folder.includes('node_modules'))
  .join(delimiter)

async function typed(folder: string, program: string, ...words: readonly string[]): Promise<Finished> {
  // npm hands its settings to what it runs, which those commands would take for their own.
  const clean = Object.keys(process.env).flatMap((key) => (key.startsWith('npm_') ? ['-u', key] : []))
  return finished(folder, 'env', [...clean, '-u', 'NODE_ENV', `PATH=${PATH}`, program, ...words])
}

/** What a command prints; fails with its last words where it does not end well. */
async function expectPrinted(folder: string, program: string, ...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await typed(folder, program, ...words)
  expect(code, `${[program, ...words].join(' ')}\n${stdout.slice(-2000)}\n${stderr.slice(-2000)}`).toBe(0)
  return stdout
}

/** The project as it is committed, and what is not committed yet. */
beforeAll(() => {
  const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: ROOT })
  for (const file of String(list).split('\0')) {
    if (file === '' || !existsSync(join(ROOT, file))) continue
    mkdirSync(dirname(join(clone, file)), { recursive: true })
    cpSync(join(ROOT, file), join(clone, file))
  }
})
afterAll(() => rmSync(home, { recursive: true }))

describe('a fresh clone', () => {
  it('runs with npm start, which installs no package of the tests, and nothing a second time', async () => {
    const first = await typed(clone, 'npm', 'start')
    expect([first.code, first.stderr]).toEqual([0, expect.stringContaining('setup: installing packages')])
    expect(first.stdout).toMatch(/^hybrid-histogram +1,049 /m)
    expect(existsSync(join(clone, 'reports/quickstart/index.html'))).toBe(true)
    expect(existsSync(join(clone, 'node_modules/vitest'))).toBe(false)
    // Its script would ask for Python and a compiler.
    expect(existsSync(join(clone, 'node_modules/better-sqlite3/build'))).toBe(false)
    const second = await typed(clone, 'npm', 'start')
    expect([second.code, second.stderr]).toEqual([0, expect.not.stringContaining('setup:')])
  })

  it('prints one JSON document, with npm run --silent', async () => {
    const stdout = await expectPrinted(
      clone,
      'npm',
      'run',
      '--silent',
      'pilotlight',
      '--',
      'list',
      'policies',
      '--json',
    )
    expect(JSON.parse(stdout)).toMatchObject({ schema: 1, kind: 'policies' })
  })

  it('packs code, documentation, the sample trace and the experiments, and nothing else', async () => {
    const stdout = await expectPrinted(clone, 'npm', 'pack', '--json', '--pack-destination', home)
    // npm 11 gives a list, later ones a mapping from the package's name.
    const [packed] = Object.values(JSON.parse(stdout) as Readonly<Record<string, { files: { path: string }[] }>>)
    const paths = packed!.files.map(({ path }) => path)
    const wanted = ['dist/index.js', 'dist/index.d.ts', 'dist/cli/main.js', 'dist/library/live.d.ts', 'docs/library.md']
    expect(paths).toEqual(expect.arrayContaining([...wanted, 'experiments/quickstart.yaml']))
    for (const file of readdirSync(join(ROOT, 'traces/sample'))) expect(paths).toContain(`traces/sample/${file}`)
    const kinds =
      /^(dist\/.+\.(js|css|d\.ts)|(docs|experiments|traces)\/.+|README(\.zh-CN)?\.md|LICENSE|package\.json)$/
    expect(paths.filter((path) => !kinds.test(path))).toEqual([])
    expect(readFileSync(join(clone, 'dist/cli/main.js'), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/)
  })

  it('is a package without a fault, as publint sees it', async () => {
    const { messages } = await publint({ pkgDir: clone, pack: false, strict: true })
    expect(messages).toEqual([])
  })

  it('makes the reference of its library without a warning', async () => {
    await expectPrinted(clone, 'npm', 'run', 'api')
    expect(existsSync(join(clone, 'reports/api/index.html'))).toBe(true)
  })

  it('has a command that starts within a second of one core, npm included, and installs or builds nothing', async () => {
    const command = 'TIMEFORMAT="%U %S"; time npm run --silent pilotlight -- --version'
    const { code, stdout, stderr } = await typed(clone, 'bash', '-c', command)
    expect([code, stdout]).toEqual([0, `${version}\n`])
    const [user = 9, system = 9] = stderr.trim().split(' ').map(Number)
    expect(user + system).toBeLessThan(1)
  })
})

describe('the packed package, in an empty folder', () => {
  const folder = join(home, 'user')
  const tarball = join(home, `${name}-${version}.tgz`)
  const programs = [
    ...readFileSync(join(ROOT, 'docs/library.md'), 'utf8').matchAll(/```ts\n([\s\S]*?)^```/gm),
    ...readFileSync(join(ROOT, 'README.md'), 'utf8').matchAll(/<!-- library example -->\n```ts\n([\s\S]*?)^```/gm),
  ].map(([, program]) => program!)

  beforeAll(async () => {
    mkdirSync(folder)
    writeFileSync(
      join(folder, 'package.json'),
      '{ "private": true, "type": "module", "allowScripts": { "node": true } }',
    )
    const others = ['typescript', '@types/node'].map((each) => `${each}@${devDependencies[each]}`)
    await expectPrinted(folder, 'npm', 'install', '--no-audit', '--no-fund', tarball, ATTW, ...others)
    for (const each of ['experiments', 'traces'])
      cpSync(join(folder, 'node_modules', name, each), join(folder, each), { recursive: true })
  })

  it('has types that every resolution finds, as attw sees it', async () => {
    await expectPrinted(folder, 'npx', 'attw', tarball, '--profile', 'esm-only')
  })

  it('has types against which every program of its documentation compiles, without skipLibCheck', async () => {
    expect(programs.length).toBeGreaterThan(7)
    programs.forEach((program, index) => writeFileSync(join(folder, `program-${index}.ts`), program))
    writeFileSync(
      join(folder, 'all.ts'),
      ['', '/experiment', '/report', '/export', '/live']
        .map((entry, index) => `import * as entry${index} from '${name}${entry}'\nconsole.log(entry${index})\n`)
        .join(''),
    )
    const compilerOptions = {
      target: 'es2023',
      module: 'nodenext',
      strict: true,
      types: ['node'],
      skipLibCheck: false,
      outDir: 'out',
      rootDir: '.',
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }))
    await expectPrinted(folder, 'npx', 'tsc')
  })

  describe.each(NODES)('on Node %s', (release) => {
    beforeAll(async () => {
      await expectPrinted(folder, 'npm', 'install', '--no-audit', '--no-fund', '--no-save', `node@${release}`)
    })

    it('is the Node that is meant', async () => {
      expect(await expectPrinted(folder, 'npx', 'node', '--version')).toBe(`v${release}\n`)
    })

    it('runs an experiment and writes its report', async () => {
      const run = ['run', 'experiments/quickstart.yaml', '--json', '--quiet', '--jobs', '2']
      const stdout = await expectPrinted(folder, 'npx', name, ...run)
      expect(JSON.parse(stdout)).toMatchObject({ experiment: 'quickstart', runs: [{}, {}, {}] })
      await expectPrinted(folder, 'npx', name, 'report', 'experiments/quickstart.yaml', '--format', 'html,png')
      expect(existsSync(join(folder, 'reports/quickstart/index.html'))).toBe(true)
    })

    it('runs every program of its documentation that ends by itself', async () => {
      mkdirSync(join(folder, 'reports'), { recursive: true })
      const ending = programs.flatMap((program, index) => (program.includes("'pilotlight/live'") ? [] : [index]))
      expect(ending.length).toBeGreaterThan(6)
      for (const index of ending) {
        expect(await expectPrinted(folder, 'npx', 'node', `out/program-${index}.js`)).not.toBe('')
      }
    })
  })
})
