import { describe, expect, it } from 'vitest'
import { type Command, JSON_FLAG } from '../../../src/cli/arguments/command.ts'
import { commandHelp, generalHelp } from '../../../src/cli/arguments/help.ts'
import { COMMANDS } from '../../../src/cli/commands/index.ts'

const COMMAND: Command = {
  usage: 'weigh <file..>',
  summary: 'Weighs files.',
  words: { file: 'Files to weigh.' },
  flags: {
    scale: { describe: 'What it is weighed with, as in "mg < 2 %".', takes: 'name', required: true },
    'with-a-name-that-is-long': { describe: 'Nothing.', takes: 'something' },
    json: JSON_FLAG,
  },
  example: ['weigh a.txt', 'prints how heavy it is'],
  run: async () => undefined,
}

describe('help', () => {
  it('shows words, flags with what they take, and an example', () => {
    expect(commandHelp(COMMAND, { quiet: { describe: 'Print no progress.' } }, 50)).toBe(`\
pilotlight weigh <file>... [flags]

Weighs files.

Words:
  <file>...  Files to weigh.

Flags:
  --scale <name>  What it is weighed with, as in
                  "mg < 2 %". Must be given.
  --with-a-name-that-is-long <something>
                  Nothing.
  --json          Print one JSON document to
                  stdout.
  --quiet         Print no progress.
  --help, -h      Show this.

Example:
  pilotlight weigh a.txt
  prints how heavy it is.`)
  })

  it.each([60, 80, 100, 200])('of every command fits a terminal of %i columns', (columns) => {
    for (const text of [generalHelp(COMMANDS, columns), ...COMMANDS.map((each) => commandHelp(each, {}, columns))]) {
      // The example is one line to be copied.
      const lines = text.split('\n').filter((line) => !line.startsWith('  pilotlight '))
      expect(lines.filter(({ length }) => length > columns)).toEqual([])
    }
  })
})
