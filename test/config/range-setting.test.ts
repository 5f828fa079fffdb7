import { expect, it } from 'vitest'
import { planRuns } from '../../src/experiment/run-plan.ts'
import { COUNTS, experimentWith } from '../experiment/facts.ts'

async function written(policy: string, name: string, more = 'baseline: none'): Promise<unknown[]> {
  const { runs } = planRuns(await experimentWith(`  - { ${policy} }\n  - { policy: none }`, more), COUNTS)
  return runs.filter(({ spec }) => spec.policy !== 'none').map(({ spec }) => spec.params[name])
}

const minutes = (...values: number[]) => values.map((value) => value * 60_000)

it.each([
  ['doubles from the first up to the last, which is one of its values', '5m..120m', minutes(5, 10, 20, 40, 80, 120)],
  ['grows by a step', '5m..20m step 5m', minutes(5, 10, 15, 20)],
  ['ends with its last value, whatever the step', '5m..12m step 5m', minutes(5, 10, 12)],
  ['is multiplied by a factor', '4m..9m x 1.5', minutes(4, 6, 9)],
  ['of one value is that', '5m..5m', minutes(5)],
  ['may stand in a list', '[1m, 5m..10m]', minutes(1, 5, 10)],
])('a range %s', async (_, text, values) => {
  expect(await written(`policy: fixed, keepAlive: ${text}`, 'keepAlive')).toEqual(values)
})

it('a range of whole numbers grows by one', async () => {
  const { seeds } = await experimentWith('  - { policy: none }', 'seed: 3..6')
  expect(seeds.map(({ value }) => value)).toEqual([3, 4, 5, 6])
})

it('numbers with their unit are taken as they are printed, in lists and ranges', async () => {
  expect(await written('policy: hybrid-histogram, margin: [10 %, 30 %]', 'margin')).toEqual([10, 30])
  expect(await written('policy: hybrid-histogram, margin: 10 %..30 % step 10 %', 'margin')).toEqual([10, 20, 30])
})

it.each([
  ['20m..5m', 'expected a range from less to more, found "20m..5m"'],
  ['0s..5m', 'a range from 0 needs a step'],
  ['1m..5m step 0m', 'expected a step above 0, found "0m"'],
  ['1m..5m x 1', 'expected a factor above 1, found "1"'],
  ['1ms..10d step 1ms', 'expected at most 10000 values in a range'],
  ['1m..5', 'expected a duration such as 90s, 10m or 4h, found "5"'],
])('refuses %s', async (text, problem) => {
  await expect(experimentWith(`  - { policy: fixed, keepAlive: ${text} }`)).rejects.toThrow(problem)
})
