import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { counted } from '../../core/counted.ts'
import type { Checked } from './policy-checks.ts'

const CHECK = 'its types are right'
const LONGEST_MS = 120_000
const MOST_BYTES = 16 * 1024 * 1024
const MOST_TOLD = 5
const NO_END = 'it did not come to its end: '
/** What the compiler says of its options, of which an old one knows not all, and not of a file. */
const GENERAL = new RegExp(`^(error TS\\d+: |[^(]*tsconfig\\.json\\(|${NO_END})`)

/** The package's own folder, from source as built. */
const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const isSource = import.meta.url.endsWith('.ts')
/** What stands for the package: what a policy needs of it, which is quick, and where a file asks for more, the whole. */
const ENTRIES = ['policy/policy', 'index'].map((name) =>
  isSource ? join(ROOT, 'src', `${name}.ts`) : join(ROOT, 'dist', `${name}.d.ts`),
)

/** A line of the compiler about a place in a file. */
interface TypeMistake {
  readonly file: string
  readonly place: string
  readonly code: string
  readonly message: string
}

/**
 * Checks the types of a policy's file against those of this package, by the first TypeScript that is found `from` its folder
 * or this package: TypeScript is no part of what the package needs to run. The compiler reads the file, and runs nothing of it.
 */
export async function checkTypes(file: string, from: readonly string[] = [file, import.meta.url]): Promise<Checked> {
  const notDone = (why: string): Checked => ({ check: CHECK, passed: null, found: `not checked: ${why}` })
  if (/\.[cm]?js$/.test(file) && !/^\s*\/\/\s*@ts-check/m.test(await readFile(file, 'utf8')))
    return notDone('JavaScript has no types; write // @ts-check at its top to have what it uses checked')
  const typescript = await foundTypescript(from)
  if (typescript === undefined) {
    const where = `no package typescript is found from ${dirname(file)}`
    return notDone(`${where}; npm install --no-save typescript, there, brings one; then check again`)
  }
  const by = `by TypeScript ${typescript.version}`
  let errors: readonly TypeMistake[] = []
  for (const entry of ENTRIES) {
    const lines = await compilerLines(typescript.compiler, file, entry)
    const general = lines.find((line) => GENERAL.test(line))
    if (general !== undefined) return notDone(`${by}, which says: ${general}`)
    errors = typeErrors(lines, dirname(file))
    if (!errors.some(({ message }) => /Module '"pilotlight"' has no exported member/.test(message))) break
  }
  if (errors.length === 0) return { check: CHECK, passed: true, found: `${by}, with strict and without noImplicitAny` }
  const told = errors.slice(0, MOST_TOLD).map(({ file: at, place, code, message }) => {
    return `${relative(dirname(file), at)}:${place} ${message} (${code})`
  })
  const more = errors.length - told.length
  const lines = more > 0 ? [...told, `and ${counted(more, 'further mistake')}`] : told
  return { check: CHECK, passed: false, found: lines.join('\n       ') }
}

/** The user's own TypeScript, or else that of this package, where it was installed to be worked on. */
async function foundTypescript(places: readonly string[]): Promise<{ compiler: string; version: string } | undefined> {
  for (const place of places) {
    try {
      const about = createRequire(place).resolve('typescript/package.json')
      const { version, bin } = JSON.parse(await readFile(about, 'utf8')) as { version: string; bin: { tsc: string } }
      return { compiler: join(dirname(about), bin.tsc), version }
    } catch {
      // Not there, or another package of that name.
    }
  }
  return undefined
}

/** What the compiler writes of a file; `entry` stands for the package. Its options go by a file, as `paths` may not be a flag. */
async function compilerLines(compiler: string, file: string, entry: string): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'pilotlight-types-'))
  try {
    const config = join(folder, 'tsconfig.json')
    await writeFile(config, JSON.stringify({ compilerOptions: optionsFor(file, entry), files: [file] }))
    return await new Promise((done) => {
      const words = [compiler, '-p', config, '--pretty', 'false']
      const options = { cwd: dirname(file), timeout: LONGEST_MS, maxBuffer: MOST_BYTES, encoding: 'utf8' } as const
      execFile(process.execPath, words, options, (error, stdout, stderr) => {
        const isDone = error === null || typeof error.code === 'number'
        if (isDone && (stdout !== '' || error === null)) done(stdout.split('\n'))
        else done([`${NO_END}${stderr.slice(0, 500) || error?.message}`])
      })
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** What has no type may be anything: Node runs such a file, so only what is wrong is told. */
function optionsFor(file: string, entry: string): Record<string, unknown> {
  return {
    target: 'es2023',
    lib: ['es2024'],
    // Node runs a file that exports as an ES module, whatever its package.json says.
    module: 'esnext',
    moduleResolution: 'bundler',
    moduleDetection: 'force',
    strict: true,
    noImplicitAny: false,
    noEmit: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    allowJs: true,
    paths: { pilotlight: [entry] },
    ...nodeTypes(file),
  }
}

function nodeTypes(file: string): { types: string[]; typeRoots?: string[] } {
  for (const from of [file, import.meta.url]) {
    try {
      const about = createRequire(from).resolve('@types/node/package.json')
      return { types: ['node'], typeRoots: [dirname(dirname(about))] }
    } catch {
      // Not there.
    }
  }
  return { types: [] }
}

/** The mistakes of the compiler's lines, but for those of this package and of other packages. */
function typeErrors(lines: readonly string[], folder: string): TypeMistake[] {
  return lines.flatMap((line) => {
    const found = /^(.+)\((\d+),(\d+)\): error (TS\d+): (.*)$/.exec(line)
    if (found === null) return []
    const [, path, row, column, code, message] = found as unknown as [string, string, string, string, string, string]
    const file = resolve(folder, path)
    const isForeign =
      file.includes(`${sep}node_modules${sep}`) || file.startsWith(join(ROOT, isSource ? 'src' : 'dist') + sep)
    return isForeign ? [] : [{ file, place: `${row}:${column}`, code, message }]
  })
}
