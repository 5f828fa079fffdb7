import { type Command, commandName, type Flag } from './command.ts'

/** The widest that help becomes: longer lines are read less well. */
const MOST_COLUMNS = 100
const LEAST_COLUMNS = 40
/** What is wider on the left has its text on the lines below. */
const MOST_LEFT = 28

/** A name on the left, and what it is on the right. */
type Entry = readonly [left: string, right: string]

/** What pilotlight is and which commands it has, in lines of so many columns. */
export function generalHelp(commands: readonly Command[], columns: number): string {
  return parts([
    'pilotlight <command>',
    wrapped('Simulates keep-alive policies for serverless platforms on a trace of invocations.', columns),
    listed(
      'Commands',
      commands.map((command) => [commandName(command), command.summary]),
      columns,
    ),
    listed('Flags', [VERSION, HELP], columns),
    wrapped('pilotlight <command> --help shows what a command takes, and an example.', columns),
  ])
}

/** What a command does and takes, with an example; `common` are the flags of every command. */
export function commandHelp(command: Command, common: Readonly<Record<string, Flag>>, columns: number): string {
  const { usage, summary, words, flags, example } = command
  const [name, ...shown] = usage.split(' ').map((word) => word.replace(/\.\.([>\]])$/, '$1...'))
  const flagEntries = Object.entries({ ...flags, ...common }).map(
    ([flag, { takes, describe, required }]): Entry => [
      takes === undefined ? `--${flag}` : `--${flag} <${takes}>`,
      required === true ? `${describe} Must be given.` : describe,
    ],
  )
  return parts([
    ['pilotlight', name, ...shown, '[flags]'].join(' '),
    wrapped(summary, columns),
    listed(
      'Words',
      Object.entries(words).map(([word, describe]) => [
        shown.find((each) => each.replace(/\W+/g, '') === word.replace(/\W+/g, '')) ?? word,
        describe,
      ]),
      columns,
    ),
    listed('Flags', [...flagEntries, HELP], columns),
    `Example:\n  pilotlight ${example[0]}\n${wrapped(`${example[1]}.`, columns, '  ')}`,
  ])
}

const HELP: Entry = ['--help, -h', 'Show this.']
const VERSION: Entry = ['--version', 'Print the version.']

function parts(all: readonly string[]): string {
  return all.filter((part) => part !== '').join('\n\n')
}

function listed(title: string, entries: readonly Entry[], columns: number): string {
  if (entries.length === 0) return ''
  const width = Math.max(...entries.map(([{ length }]) => length).filter((length) => length <= MOST_LEFT))
  const indent = ' '.repeat(width + 4)
  const lines = entries.map(([left, right]) => {
    const text = wrapped(right, columns, indent)
    return left.length > width ? `  ${left}\n${text}` : `  ${left.padEnd(width)}  ${text.trimStart()}`
  })
  return `${title}:\n${lines.join('\n')}`
}

/** A text in lines of so many columns, each of them indented. Words are never cut, nor what stands in quotes. */
function wrapped(text: string, columns: number, indent = ''): string {
  const room = Math.max(LEAST_COLUMNS, Math.min(MOST_COLUMNS, columns)) - indent.length
  const lines: string[] = []
  let line = ''
  for (const word of text.match(/(?:"[^"]*"|\S)+/g) ?? []) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].map((each) => `${indent}${each}`).join('\n')
}
