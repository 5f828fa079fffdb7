import { afterAll, beforeAll, expect, it } from 'vitest'
import { commandName } from '../../../src/cli/arguments/command.ts'
import { COMMANDS } from '../../../src/cli/commands/index.ts'
import { mixedSource } from '../../fuzz/mixed-source.ts'
import { pilotlight } from '../pilotlight.ts'
import { study } from '../study.ts'
import { everyOdd, oddFolder, type OddFolder } from './every-option.ts'

let here: OddFolder
beforeAll(async () => {
  here = await oddFolder()
})
afterAll(() => here.remove())

it('Every flag and word of every command is tried with what is odd for its kind', () => {
  const odd = everyOdd(COMMANDS)
  for (const command of COMMANDS) {
    const tried = new Set(odd.filter((each) => each.command === commandName(command)).map(({ about }) => about))
    const declared = [...Object.keys(command.flags).map((flag) => `--${flag}`), ...Object.keys(command.words)]
    expect([...tried]).toEqual(expect.arrayContaining(declared))
  }
  expect(odd.length).toBeGreaterThan(2000)
})

it('An odd value of a flag or word of each command is refused in a sentence, and leaves all as it was', async () => {
  const source = mixedSource(11)
  const faults: string[] = []
  // The slow suite tries all.
  for (const lines of Map.groupBy(everyOdd(COMMANDS), ({ command }) => command).values()) {
    const odd = source.of(lines.filter(({ value }) => value.isWrong))
    const fault = await here.faultOf(odd)
    if (fault !== undefined) faults.push(`${JSON.stringify(odd.words).slice(0, 300)}: ${fault}`)
  }
  expect(faults.join('\n')).toBe('')
}, 180_000)

it('Of a flag that is given twice the last counts, and a lone dash is no word', async () => {
  const own = study()
  try {
    const typed = (...words: string[]) => pilotlight(own.folder, ...words, '--quiet')
    expect(await typed('trace', 'trace.csv', '--origin=noon', '--origin=zero', '--json', '--json')).toMatchObject({
      code: 0,
    })
    expect((await typed('trace', 'trace.csv', '--origin=zero', '--origin=noon')).stderr).toMatch(/^--origin: /)
    expect((await typed('trace', 'trace.csv', '-')).stderr).toBe(
      'pilotlight trace: found "-", and nothing is read from standard input. A file of that name is ./-.\n',
    )
    expect((await typed('trace', 'trace.csv', '--json=false')).stdout).toMatch(/^trace /)
  } finally {
    own.remove()
  }
})
