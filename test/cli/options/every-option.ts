import { createHash } from 'node:crypto'
import {
  copyFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from '../../../src/cli/arguments/command.ts'
import { commandName } from '../../../src/cli/arguments/command.ts'
import { printableText } from '../../../src/core/printable.ts'
import { isUnfinished } from '../../../src/files/unfinished.ts'
import { type Finished, pilotlight } from '../pilotlight.ts'
import { study } from '../study.ts'
import { kindOfFlag, kindOfWord, makeOddThings, ODD, type OddValue } from './odd-values.ts'

const MEASURED = `app,function,start_ms,duration_ms,memory_mb,cold_start_ms
${Array.from({ length: 40 }, (_, at) => `a,f,${at * 400_000},20,128,${at % 3 === 0 ? 250 : 0}`).join('\n')}
`
const MEASURED_MAPPING =
  '{ read: csv, app: app, start: { from: start_ms, unit: ms }, duration: { from: duration_ms, unit: ms }, coldStart: { from: cold_start_ms, unit: ms } }'
const POLICY = `export default {
  id: 'mine', summary: 'Keeps ten minutes.', scope: 'app', needs: [], parameters: {},
  create: () => ({ arrived() {}, decide(app, now, out) { out.prewarmMs = 0; out.keepAliveMs = 600_000 } }),
}
`

/** A line that works, by the name of the command; one whose flags need another line has it under `command --flag`. */
const LINES: Readonly<Record<string, readonly string[]>> = {
  run: ['run', 'study.yaml'],
  compare: ['compare', 'study.yaml'],
  choose: ['choose', 'study.yaml'],
  report: ['report', 'study.yaml', '--format', 'csv', '--out', 'written'],
  'report --format': ['report', 'study.yaml', '--out', 'written'],
  'report --out': ['report', 'study.yaml', '--format', 'csv'],
  'report --strips': ['report', 'study.yaml', '--out', 'written'],
  'report --app': ['report', 'study.yaml', '--out', 'written'],
  'report --trace': ['report', 'study.yaml', '--out', 'written'],
  'report --font': ['report', 'study.yaml', '--out', 'written', '--format', 'png'],
  data: ['data', 'study.yaml', '--out', 'written', '--format', 'csv'],
  export: ['export', 'study.yaml', '--run', 'none', '--to', 'knative', '--out', 'written'],
  explain: ['explain', 'study.yaml', '--app', 'a'],
  serve: ['serve', 'study.yaml'],
  board: ['board', 'card.json', '--out', 'written'],
  source: ['source', 'card.json'],
  verify: ['verify', 'card.json', '--jobs', '1'],
  merge: ['merge', 'whole.sqlite', '--out', 'written.sqlite'],
  trace: ['trace', 'trace.csv'],
  import: ['import', 'trace.csv', '--out', 'written.trace'],
  bounds: ['bounds', 'trace.csv'],
  curve: ['curve', 'trace.csv'],
  calibrate: ['calibrate', 'measured.csv', '--mapping', MEASURED_MAPPING],
  study: ['study', 'paper', '--trace', 'trace.csv', '--store', 'written.sqlite', '--jobs', '1'],
  synth: ['synth', '--apps', '3', '--out', 'written'],
  init: ['init', 'calls.csv', '--out', 'written'],
  new: ['new', 'policy', 'my-policy', '--out', 'written'],
  'check-policy': ['check-policy', 'mine.mjs'],
  tune: ['tune', 'study.yaml', '--judge-from', '20m', '--minimise', 'cold-starts', '--jobs', '1'],
  submit: ['submit', 'study.yaml', '--to', 'slurm', '--out', 'written', '--files-only', '--command', 'pilotlight'],
  list: ['list', 'policies'],
  schema: ['schema'],
  completion: ['completion', 'bash'],
  // Nothing is fetched: what is there is refused for what is missing of it.
  download: ['download', 'azure-2021', '--offline', '--out', 'written'],
  live: ['live', 'check', 'live.yaml'],
}

/** Commands that are over when somebody ends them. */
const ENDLESS = new Set(['serve'])
/** What ends them is sent when they have had time to say that they listen. */
const ENDED_AFTER_MS = 150
/** So long nothing here takes that ends. */
const LONGEST_MS = 30_000

/** One line to try. */
export interface Odd {
  readonly command: string
  /** The flag or word that has the odd value. */
  readonly about: string
  readonly words: readonly string[]
  readonly value: OddValue
}

/** The lines that everything odd is put into, which work but for that. */
export const GOOD_LINES = Object.values(LINES).filter(([name]) => name !== 'download' && name !== 'live')

/** Every odd line of every command, from the declarations of their flags and words. */
export function everyOdd(commands: readonly Command[]): Odd[] {
  return commands.flatMap((command) => {
    const name = commandName(command)
    if (LINES[name] === undefined) throw new Error(`say in ${import.meta.filename} a line of ${name} that works`)
    const flags = { ...command.flags, quiet: { describe: '' } }
    return [
      ...Object.entries(flags).flatMap(([flag, declared]) => {
        const line = LINES[`${name} --${flag}`] ?? LINES[name]!
        const about = `--${flag}`
        return ODD[kindOfFlag(command, flag, declared)].map((value) => ({
          command: name,
          about,
          value,
          words: [...without(line, about), `${about}=${value.text}`],
        }))
      }),
      ...Object.keys(command.words).flatMap((word, at) =>
        ODD[kindOfWord(command, word)].map((value) => ({
          command: name,
          about: word,
          value,
          words: LINES[name]!.map((each, index) => (index === at + 1 ? value.text : each)),
        })),
      ),
    ]
  })
}

/** A line without a flag and what it takes. */
function without(line: readonly string[], flag: string): string[] {
  const at = line.indexOf(flag)
  if (at < 0) return [...line]
  return line.toSpliced(at, line[at + 1]?.startsWith('--') === false ? 2 : 1)
}

/** A folder with something of everything that commands read. */
export interface OddFolder {
  /** What is wrong with what the command did; undefined where nothing is. */
  faultOf(odd: Odd): Promise<string | undefined>
  readonly folder: string
  /** Puts all back as it was; tells what of it was changed or is left in the making. */
  tidied(): string[]
  /** Runs a line that works. */
  run(words: readonly string[]): Promise<Finished>
  remove(): void
}

/** Makes the folder. */
export async function oddFolder(): Promise<OddFolder> {
  const { folder, write, remove } = study()
  const kept = mkdtempSync(join(tmpdir(), 'pilotlight-kept-'))
  write('measured.csv', MEASURED)
  write('mine.mjs', POLICY)
  write('calls.csv', 'fn,start_ts,took_ms\nf,1700000000,12\ng,1700000300,40\nf,1700003600,8\n')
  write(
    'live.yaml',
    `name: shop\npolicy: { policy: none }\nmemory: 1GB\napps: { web: { command: [missing-program], memory: 64MB } }\n`,
  )
  makeOddThings(folder)
  for (const line of [
    ['run', 'study.yaml'],
    ['run', 'study.yaml', '--store', 'whole.sqlite'],
    ['report', 'study.yaml', '--format', 'card', '--out', '.card'],
  ]) {
    const { code, stderr } = await pilotlight(folder, ...line, '--quiet')
    if (code !== 0) throw new Error(stderr)
  }
  copyFileSync(join(folder, '.card/card.json'), join(folder, 'card.json'))
  rmSync(join(folder, '.card'), { recursive: true })
  const before = filesIn(folder)
  for (const [path, { isFile }] of before) {
    mkdirSync(join(kept, path, '..'), { recursive: true })
    if (isFile) copyFileSync(join(folder, path), join(kept, path))
  }

  /** Puts all back as it was; tells what was changed or left. */
  function tidied(isRefused: boolean): string[] {
    const after = filesIn(folder)
    const told: string[] = []
    for (const path of after.keys()) {
      if (before.has(path)) continue
      if (isUnfinished(path.split('/').at(-1)!) || path.endsWith('-journal')) told.push(`${path} is left`)
    }
    for (const [path, { digest, isFile }] of before) {
      if (after.get(path)?.digest === digest) continue
      // A store says when it was read; what it holds is tried elsewhere. An empty file has nothing to lose.
      if (isRefused && !path.endsWith('.sqlite')) told.push(`${path} was ${after.has(path) ? 'changed' : 'removed'}`)
      if (isFile) writeFileSync(join(folder, path), readFileSync(join(kept, path)))
    }
    for (const path of after.keys()) if (!before.has(path)) rmSync(join(folder, path), { recursive: true, force: true })
    return told
  }

  async function finished(words: readonly string[]): Promise<Finished> {
    const ends = new AbortController()
    if (ENDLESS.has(words[0]!)) endLater(ends.signal)
    const found = await Promise.race([pilotlight(folder, ...words), late(ends.signal)])
    ends.abort()
    if (found === undefined) throw new Error(`it hangs: ${JSON.stringify(words)}`)
    return found
  }

  return {
    folder,
    tidied: () => tidied(true),
    async faultOf(odd) {
      const found = await finished(odd.words)
      return faultIn(odd, found) ?? tidied(odd.value.isWrong)[0]
    },
    async run(words) {
      const found = await finished(words)
      tidied(true)
      return found
    },
    remove() {
      remove()
      rmSync(kept, { recursive: true })
    },
  }
}

/** Asks the command to end, as Ctrl-C would. */
function endLater(signal: AbortSignal): void {
  const before = process.listeners('SIGINT')
  const timer = setInterval(() => {
    for (const listener of process.listeners('SIGINT').filter((each) => !before.includes(each)))
      (listener as (signal: string) => void)('SIGINT')
  }, ENDED_AFTER_MS)
  signal.addEventListener('abort', () => clearInterval(timer))
}

async function late(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), LONGEST_MS)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve(undefined)
    })
  })
}

interface Entry {
  readonly isFile: boolean
  readonly digest: string
}

/** All in a folder, by path. */
function filesIn(folder: string): Map<string, Entry> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return new Map(
    paths.map((path) => {
      const status = lstatSync(join(folder, path))
      const isFile = status.isFile()
      const digest = isFile
        ? createHash('sha1')
            .update(readFileSync(join(folder, path)))
            .digest('hex')
        : String(status.mode)
      return [path, { isFile, digest }]
    }),
  )
}

/** Characters that no message may bring to a terminal. */
// oxlint-disable-next-line no-control-regex -- these are the ones
const RAW = /[\u0000-\u0008\u000B-\u001A\u001C-\u001F\u007F-\u009F]|\u001B(?!\[[\d;]*m)/
const LONGEST_MESSAGE = 5000

function faultIn({ about, value }: Odd, { code, stdout, stderr }: Finished): string | undefined {
  if (code !== 0 && code !== 2 && code !== 3) return `ends with ${code}: ${stderr.slice(0, 1500)}`
  if (/\n {4}at /.test(stderr) || stderr.includes('This is a bug')) return `a stack: ${stderr.slice(0, 1500)}`
  if (RAW.test(stderr) || RAW.test(stdout)) return `a control character reaches the terminal: ${JSON.stringify(stderr)}`
  if (stderr.length > LONGEST_MESSAGE) return `a message of ${stderr.length} characters: ${stderr.slice(0, 200)}`
  if (code === 2) {
    if (!/^[^\n]+: [^\n]{10,}\n/m.test(stderr)) return `no sentence with a place: ${JSON.stringify(stderr)}`
    if (value.isWrong && !isNamed(about.replace(/^--/, ''), value.text, stderr))
      return `it names neither ${about} nor what was given: ${stderr}`
    return undefined
  }
  if (value.isWrong) return `it is taken (exit code ${code}): ${(stderr + stdout).slice(0, 300)}`
  if (/\b(?:NaN|undefined)\b|\[object /.test(stderr + stdout)) return `a figure is none: ${stdout.slice(0, 500)}`
  return undefined
}

function isNamed(name: string, value: string, message: string): boolean {
  // Of `seed=NaN` the key is enough, of `text/below` what is in the way.
  const told = [value, ...value.split(/[=[/]/, 1)].map((text) => printableText(text.trim()).slice(0, 12))
  return message.includes(name) || told.some((text) => text !== '' && message.includes(text))
}
