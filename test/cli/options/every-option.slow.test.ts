import { afterAll, beforeAll, expect, it } from 'vitest'
import { COMMANDS } from '../../../src/cli/commands/index.ts'
import { everyOdd, GOOD_LINES, oddFolder, type OddFolder } from './every-option.ts'

let here: OddFolder
beforeAll(async () => {
  here = await oddFolder()
})
afterAll(() => here.remove())

it.each(GOOD_LINES)('The line that odd values are put into works: %s %s', async (...words) => {
  const { code, stderr } = await here.run(words)
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('rror') as string })
})

it.each(COMMANDS.map(({ usage }) => usage.split(' ')[0]!))(
  'pilotlight %s refuses every odd value of every flag and word, or makes the right thing of it',
  async (name) => {
    const faults: string[] = []
    for (const odd of everyOdd(COMMANDS).filter(({ command }) => command === name)) {
      const fault = await here.faultOf(odd)
      if (fault !== undefined) faults.push(`${JSON.stringify(odd.words).slice(0, 300)}: ${fault}`)
    }
    expect(faults.join('\n')).toBe('')
  },
)
