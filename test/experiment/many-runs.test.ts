import { expect, it } from 'vitest'
import { parseSource } from '../../src/config/document.ts'
import { experimentOf } from '../../src/config/experiment-file.ts'
import { planRuns } from '../../src/experiment/run-plan.ts'
import { COUNTS } from './facts.ts'

/** Three lists of a thousand values: a thousand million combinations. */
const SWEPT = Array.from({ length: 1000 }, (_, index) => `${index + 1}m`).join(', ')
const SEEDS = Array.from({ length: 1000 }, (_, index) => index).join(', ')
const text = `name: many
trace: { path: x }
model: { kind: instances, coldStart: [${SWEPT.replaceAll('m', 'ms')}] }
policies: [ { policy: fixed, keepAlive: [${SWEPT}] } ]
seed: [${SEEDS}]
`

it('A grid is counted before it is made, and refused beyond a limit that can be raised', async () => {
  const experiment = await experimentOf(parseSource(text, 'many.yaml'))
  expect(() => planRuns(experiment, COUNTS)).toThrow(
    'many.yaml: expected at most 100000 runs, found combinations for 1000000000. Sweep fewer values, or raise the limit',
  )
})
