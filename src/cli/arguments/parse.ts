import yargs, { type Argv, type Options } from 'yargs'
import { nearest } from '../../core/registry.ts'
import { UserError } from '../../core/user-error.ts'
import { VERSION } from '../../core/version.ts'
import { type Arguments, type Command, type Flag, commandName } from './command.ts'

/** Flags that every command has. */
const COMMON_FLAGS: Readonly<Record<string, Flag>> = {
  quiet: { describe: 'Print no progress.' },
}

type Typed = Readonly<Record<string, unknown>>

/**
 * Parses what was typed and runs the command that it names, or prints help, the version or what completes a word. Throws
 * a UserError for what no command or flag understands.
 */
export async function runTyped(typed: readonly string[], commands: readonly Command[]): Promise<void> {
  if (typed[0] === '--complete') {
    // What the completion scripts ask.
    const { candidates } = await import('./completion.ts')
    process.stdout.write((await candidates(typed.slice(1), commands, COMMON_FLAGS)).map((each) => `${each}\n`).join(''))
    return
  }
  refuseObjectNames(typed)
  refuseDash(typed)
  if (asksForHelp(typed)) return await printHelp(typed[0] === 'help' ? typed[1] : typed[0], commands)
  const names = commands.map((command) => commandName(command))
  const parser: Argv = yargs([...typed])
    .scriptName('pilotlight')
    // Messages are English whatever the language of the machine; some are matched below.
    .locale('en')
    .parserConfiguration({
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .command('$0', false, {}, (argv) => refuseCommand(argv, names))
    .version(VERSION)
    .help(false)
    .exitProcess(false)
    .fail((message: string | null, error) => {
      // yargs throws some of what it finds missing, and tells the rest.
      throw error === undefined || error.name === 'YError'
        ? mistyped(typed, commands, error?.message ?? message)
        : error
    })
  for (const command of commands) addCommand(parser, command, typed)
  await parser.parseAsync()
}

function addCommand(parser: Argv, command: Command, typed: readonly string[]): void {
  const { usage, words, flags } = command
  const build = (builder: Argv): Argv => {
    for (const name of Object.keys(words)) builder.positional(name, { type: 'string' })
    return builder.options(
      Object.fromEntries(Object.entries({ ...flags, ...COMMON_FLAGS }).map(([name, flag]) => [name, optionOf(flag)])),
    )
  }
  parser.command(usage, false, build, async (argv) => {
    refuseUnknown(argv, command)
    refuseSwitchValues(typed, command)
    refuseValues(argv, command)
    await command.run(argumentsOf(argv))
  })
}

function optionOf({ takes, required }: Flag): Options {
  if (takes === undefined) return { type: 'boolean' }
  return { type: 'string', requiresArg: true, demandOption: required ?? false }
}

/** Help is given wherever it is asked for, whatever else is wrong, and where nothing is typed. */
function asksForHelp(typed: readonly string[]): boolean {
  const end = typed.indexOf('--')
  const before = end < 0 ? typed : typed.slice(0, end)
  return before.length === 0 || typed[0] === 'help' || before.includes('--help') || before.includes('-h')
}

async function printHelp(name: string | undefined, commands: readonly Command[]): Promise<void> {
  const { commandHelp, generalHelp } = await import('./help.ts')
  const columns = process.stdout.columns ?? Number.POSITIVE_INFINITY
  const command = commands.find((each) => commandName(each) === name)
  if (command === undefined && name !== undefined && !name.startsWith('-')) {
    throw noCommand(
      name,
      commands.map((each) => commandName(each)),
    )
  }
  const help = command === undefined ? generalHelp(commands, columns) : commandHelp(command, COMMON_FLAGS, columns)
  process.stdout.write(`${help}\n`)
}

function argumentsOf(argv: Typed): Arguments {
  const text = (name: string): string | undefined => {
    // Of a flag that was given twice, the last counts.
    const value = [argv[name]].flat().at(-1)
    return value === undefined ? undefined : String(value)
  }
  return {
    text,
    needed: (name) => text(name) ?? '',
    texts: (name) => [argv[name] ?? []].flat().map(String),
    on: (name) => [argv[name]].flat().at(-1) === true,
  }
}

/** Names in what was parsed that are neither words nor flags of the command. */
function refuseUnknown(argv: Typed, { usage, words, flags }: Command): void {
  const [name = ''] = usage.split(' ')
  const known = [...Object.keys(flags), ...Object.keys(COMMON_FLAGS), 'help', 'version']
  const taken = new Set([...known, ...Object.keys(words), 'h', '_', '$0'])
  const unknown = Object.keys(argv).find((key) => !taken.has(key))
  const help = `See pilotlight ${name} --help.`
  if (unknown !== undefined) {
    const dashes = unknown.length === 1 ? '-' : '--'
    const near = nearest(unknown, known)
    const hint = near === undefined ? help : `Did you mean --${near}?`
    throw new UserError({ where: `pilotlight ${name}`, problem: `there is no flag ${dashes}${unknown}`, hint })
  }
  const extra = (argv['_'] as readonly unknown[])[1]
  if (extra === undefined) return
  throw new UserError({
    where: `pilotlight ${name}`,
    problem: `one word too many: ${JSON.stringify(extra)}`,
    hint: help,
  })
}

/** Names that every object has, as in `--constructor`: yargs takes what they lead to for settings of its own. */
function refuseObjectNames(typed: readonly string[]): void {
  for (const word of typed) {
    const [, name] = /^--?([^=]+)/.exec(word) ?? []
    if (name === undefined || !((name.split('.')[0] ?? '') in Object.prototype)) continue
    throw new UserError({ where: 'pilotlight', problem: `there is no flag ${word}`, hint: 'See pilotlight --help.' })
  }
}

/** A switch with a value is one that its user takes for another flag; yargs takes most values for false. */
function refuseSwitchValues(typed: readonly string[], { usage, flags }: Command): void {
  const declared = { ...flags, ...COMMON_FLAGS }
  for (const word of typed) {
    const [, name = '', value] = /^--([^=]+)=(.*)$/s.exec(word) ?? []
    if (!Object.hasOwn(declared, name) || declared[name]!.takes !== undefined) continue
    if (value === 'true' || value === 'false') continue
    throw new UserError({
      where: `pilotlight ${usage.split(' ')[0]}`,
      problem: `the flag --${name} takes no value, found ${JSON.stringify(value)}`,
      hint: `Give --${name}, or leave it out.`,
    })
  }
}

/** A lone dash is standard input elsewhere; yargs loses it. */
function refuseDash([name = '', ...typed]: readonly string[]): void {
  if (name !== '-' && !typed.includes('-')) return
  const problem = 'found "-", and nothing is read from standard input'
  throw new UserError({ where: `pilotlight ${name}`.replace(/ -$/, ''), problem, hint: 'A file of that name is ./-.' })
}

/** Refuses values that can be no path, number or name. */
function refuseValues(argv: Typed, { usage, words, flags }: Command): void {
  const where = `pilotlight ${usage.split(' ')[0]}`
  const refuse = (name: string, problem: string, hint: string): never => {
    const what = Object.hasOwn(flags, name) ? `the flag --${name}` : `<${name}>`
    throw new UserError({ where, problem: `${what} ${problem}`, hint })
  }
  for (const name of [...Object.keys(flags), ...Object.keys(words)]) {
    for (const value of [argv[name] ?? []].flat()) {
      const text = String(value)
      // What a variable that was never set leaves.
      if (text.trim() === '') refuse(name, `needs a value, found ${text === '' ? 'an empty text' : 'blanks'}`, UNSET)
      // The system gives no program such a text, but a program that calls us can.
      if (text.includes('\0')) refuse(name, `holds the character NUL, found ${JSON.stringify(text)}`, 'Leave it out.')
    }
  }
}

const UNSET = 'Was a variable of the shell not set?'

function refuseCommand(argv: Typed, names: readonly string[]): void {
  const [word] = argv['_'] as readonly unknown[]
  const flag = Object.keys(argv).find((key) => key !== '_' && key !== '$0')
  if (word === undefined) {
    throw new UserError({
      where: 'pilotlight',
      problem: `expected a command, found --${flag}`,
      hint: 'See pilotlight --help.',
    })
  }
  throw noCommand(String(word), names)
}

function noCommand(word: string, names: readonly string[]): UserError {
  const near = nearest(word, names)
  const hint = near === undefined ? `There are: ${names.join(', ')}.` : `Did you mean "${near}"?`
  return new UserError({ where: 'pilotlight', problem: `there is no command ${JSON.stringify(word)}`, hint })
}

/** What yargs finds missing, by its words, and ours for it; `$1` is the flag, `$2` the words of the command's usage. */
const MISSING: readonly (readonly [RegExp, string])[] = [
  [/^Not enough non-option arguments/, 'expected $2'],
  [/^Missing required arguments?: ([\w-]+)/, 'the flag --$1 must be given'],
  [/^Not enough arguments following: ([\w-]+)/, 'the flag --$1 needs a value'],
]

function mistyped([name = '']: readonly string[], commands: readonly Command[], message: string | null): UserError {
  const where = `pilotlight ${name}`
  const words =
    commands
      .find((command) => commandName(command) === name)
      ?.usage.split(' ')
      .slice(1)
      .join(' ') ?? ''
  const [said = ''] = (message ?? 'it cannot be understood').split('\n')
  const [pattern, ours] = MISSING.find(([known]) => known.test(said)) ?? [/$/, said.replace(/\.$/, '')]
  const flag = pattern.exec(said)?.[1] ?? ''
  const problem = ours.replace('$1', flag).replace('$2', words)
  return new UserError({ where, problem, hint: `See ${where} --help.` })
}
