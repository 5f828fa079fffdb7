import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { Command, Flag } from '../../../src/cli/arguments/command.ts'
import { commandName } from '../../../src/cli/arguments/command.ts'

/** A value that is odd for its kind. */
export interface OddValue {
  readonly text: string
  /** Whether nobody can mean it: then the command must refuse it. Of others it may make what it can. */
  readonly isWrong: boolean
}

/** What a word or a flag takes. */
export type Kind = keyof typeof ODD

/** What stands in the folder for odd paths: `text` a file, `full` a folder with something in it, and what is neither. */
export function makeOddThings(folder: string): void {
  writeFileSync(join(folder, 'text'), 'one line, and no more\n')
  writeFileSync(join(folder, 'nothing'), '')
  writeFileSync(
    join(folder, 'bytes'),
    Uint8Array.from({ length: 3000 }, (_, index) => (index * 37) % 256),
  )
  mkdirSync(join(folder, 'full'))
  writeFileSync(join(folder, 'full/notes.txt'), 'mine\n')
  // Root may read everything, but no link that leads to itself.
  symlinkSync('loop', join(folder, 'loop'))
  execFileSync('mkfifo', [join(folder, 'pipe')])
}

const wrong = (...texts: readonly string[]): OddValue[] => texts.map((text) => ({ text, isWrong: true }))
const odd = (...texts: readonly string[]): OddValue[] => texts.map((text) => ({ text, isWrong: false }))

const LONG = 'x'.repeat(5000)
const CONTROL = 'a\u001B[2J\u0007b'
const NONE = wrong('', '   ')
/** No text of this kind, whatever it is. */
const NO_TEXT = [...NONE, ...wrong(LONG, CONTROL, 'a\0b', '-', '__proto__', 'constructor', '\u{1F600}')]
const NO_NUMBER = [...NO_TEXT, ...wrong('NaN', 'Infinity', '1e999', '0x1p4', '1,5', '1_000', '１２', 'null', '-1')]
const NO_PATH = [...NONE, ...wrong('a\0b', LONG, `full/${LONG}`, 'text/below', 'loop', 'loop/below', 'pipe')]
const DEVICES = wrong('/dev/null', '/dev/full')

/** Odd values by kind. */
const ODD = {
  input: [
    ...NO_PATH,
    ...DEVICES,
    ...wrong('nowhere', 'nowhere/below', 'text', 'nothing', 'bytes', 'full', CONTROL, '-', '/proc/self/mem'),
  ],
  // What is no card is told on the board, with the reason.
  cards: [...NO_PATH, ...DEVICES, ...wrong('nowhere', 'full', CONTROL, '-'), ...odd('text', 'nothing', 'bytes')],
  // Read when somebody asks; until then it is known whether something is there.
  laterInput: [...NO_PATH, ...DEVICES, ...wrong('nowhere', CONTROL), ...odd('text', 'nothing', 'bytes', 'full')],
  inputFolder: [...NO_PATH, ...DEVICES, ...wrong('nowhere', 'text')],
  // That a name is long or odd is no mistake.
  output: [...NO_PATH, ...DEVICES, ...wrong('full', 'trace.csv', 'study.yaml'), ...odd('nowhere/below', CONTROL, '-')],
  outputFolder: [...NO_PATH, ...DEVICES, ...wrong('full', 'text', '.', 'study.yaml'), ...odd('nowhere/below', CONTROL)],
  newFiles: [...NO_PATH, ...DEVICES, ...wrong('text'), ...odd('full', '.', 'nowhere/below', CONTROL)],
  store: [
    ...NO_PATH,
    ...DEVICES,
    ...wrong('full', 'text', 'bytes', ':memory:', 'trace.csv'),
    ...odd('nothing', CONTROL),
  ],
  // A path on other machines, which nobody can try here.
  elsewhere: [...NONE, ...wrong('a\0b', 'a\nb'), ...odd('nowhere', '/')],
  count: [
    ...NO_NUMBER,
    ...wrong('1.5', '0x10', '1e3', '+1', '99999999999999999999', '1;2'),
    ...odd('0', '9007199254740991'),
  ],
  number: [...NO_NUMBER, ...odd('0', '1e300', '1e-300')],
  duration: [...NO_NUMBER, ...wrong('5x', '-5m', '1e999d', 'm', '5m;'), ...odd('0ms', '999999999d', '1ms')],
  size: [...NO_NUMBER, ...wrong('0GB', '-1GB', '1e999GB', 'GB', '1GB,2GB', '5XB'), ...odd('1e-9MB', '99999999999GB')],
  sizes: [
    ...NO_NUMBER,
    ...wrong('0GB', '-1GB', '1e999GB', '1GB,,2GB', ',', '1GB,'),
    ...odd('1GB,1GB', '99999999999GB'),
  ],
  length: [...NO_NUMBER, ...wrong('84', '0mm', '-1mm', '1e999mm', '5 parsec')],
  id: [...NO_TEXT, ...wrong('nothing-of-that-name', 'ID', 'a,b', '*')],
  ids: [...NO_TEXT, ...wrong('nothing-of-that-name', ',', ',,', '*')],
  label: [...NO_TEXT, ...wrong('nothing-of-that-name', '*', 'none,')],
  prefix: [...NO_TEXT, ...wrong('nothing-of-that-name', '*')],
  condition: [
    ...NO_TEXT,
    ...wrong('cold-share', '< 5', 'cold-share <', 'cold-share < NaN', 'cold-share ~ 5', 'nothing = 5', '__proto__ = 5'),
    ...odd('policy = nothing', 'cold-share < 1e999', 'policy=none', 'cold-share<0x10'),
  ],
  setting: [
    ...NO_TEXT,
    ...wrong(
      '=',
      'seed=',
      '=5',
      'nothing=5',
      'policies[99].policy=none',
      'policies[-1]=5',
      '__proto__.x=5',
      'seed=NaN',
    ),
    ...wrong('seed=[', 'seed=1e999', 'trace.path=nowhere', 'constructor.prototype.x=1', `${LONG}=1`, 'policies=[]'),
  ],
  limit: [
    ...NO_TEXT,
    ...wrong('=', 'idle=', '=5', 'nothing=5', 'idle=NaN', 'idle=-5', 'idle=1e999', 'idle=5x', 'idle'),
  ],
  address: [...NO_TEXT, ...wrong('http://', 'file:///etc/passwd', 'ftp://x', 'javascript:0', 'example')],
  zone: [...NO_TEXT, ...wrong('Nowhere/Place', '../../etc/passwd', 'UTC+25')],
  dayAndTime: [...NO_TEXT, ...wrong('mon', '08:00', 'mon 25:00', 'mon 08:60', 'xyz 08:00', 'mon 8')],
  shard: [
    ...NO_TEXT,
    ...wrong('0/1', '2/1', '-1/2', '1/0', '1/2/3', 'a/b', '1/1e3', '1.5/2', '1/99999999999999999999', '/'),
  ],
  name: [...NONE, ...wrong('a\0b', 'a\nb'), ...odd(CONTROL, LONG, '-', '__proto__', '$(touch x)', '"; touch x', "'")],
  newName: [
    ...NO_TEXT.filter(({ text }) => text !== 'constructor'),
    ...wrong('../x', 'a/b', 'A', 'con stant', '.', '..', '.ts'),
  ],
  anyText: [...NONE, ...odd(CONTROL, LONG, 'a\0b', '<script>alert(1)</script>', '__proto__')],
  switch: wrong('maybe', '1', ''),
} as const

/** The kind of what a flag takes; throws for a flag of which nobody said how it is to be tried. */
export function kindOfFlag(command: Command, name: string, flag: Flag): Kind {
  const { takes } = flag
  const own = OWN_KINDS[`${commandName(command)} --${name}`]
  if (own !== undefined) return own
  if (takes === undefined) return 'switch'
  const kind = BY_TAKES[takes]
  if (kind === undefined) throw new Error(`say in ${import.meta.filename} how "${takes}" of --${name} is to be tried`)
  return kind
}

/** The kind of a word of a command. */
export function kindOfWord(command: Command, name: string): Kind {
  return OWN_KINDS[`${commandName(command)} <${name}>`] ?? (command.completes?.[name] === undefined ? 'input' : 'id')
}

const BY_TAKES: Readonly<Record<string, Kind>> = {
  'file.csv': 'output',
  'file.trace': 'output',
  'file.yaml': 'input',
  file: 'input',
  path: 'input',
  folder: 'outputFolder',
  store: 'store',
  n: 'count',
  number: 'number',
  points: 'number',
  duration: 'duration',
  size: 'size',
  sizes: 'sizes',
  length: 'length',
  id: 'id',
  ids: 'ids',
  engine: 'id',
  language: 'id',
  metric: 'id',
  platform: 'id',
  spread: 'id',
  'app|function': 'id',
  'trace|equal': 'id',
  'screen|paper': 'id',
  label: 'label',
  labels: 'label',
  prefix: 'prefix',
  condition: 'condition',
  'key=value': 'setting',
  'metric=value': 'limit',
  url: 'address',
  zone: 'zone',
  '"day hh:mm"': 'dayAndTime',
  'i/n|auto': 'shard',
  name: 'name',
  text: 'anyText',
}

/** What is another kind than what it takes tells. */
const OWN_KINDS: Readonly<Record<string, Kind>> = {
  'run --store': 'store',
  'study --store': 'store',
  'synth --out': 'outputFolder',
  'calibrate --out': 'output',
  'tune --out': 'output',
  'init --out': 'newFiles',
  'new --out': 'newFiles',
  'download --out': 'newFiles',
  'verify --files': 'inputFolder',
  'submit --command': 'elsewhere',
  'submit --mount': 'elsewhere',
  'submit --file-system': 'name',
  'live <action>': 'id',
  'list <kind>': 'id',
  'new <kind>': 'id',
  'new <name>': 'newName',
  'trace --origin': 'id',
  'import --origin': 'id',
  'calibrate --origin': 'id',
  'study --origin': 'id',
  'serve --trace': 'laterInput',
  'board <card>': 'cards',
  'board --title': 'anyText',
}

export { ODD }
