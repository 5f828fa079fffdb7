import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { DAY } from '../../src/core/units.ts'
import { policies } from '../../src/policy/policies/index.ts'
import { PAPER_MODEL } from '../../src/sim/model.ts'
import { type Simulation, runSimulation } from '../../src/sim/simulation.ts'
import { readTrace } from '../../src/trace/read.ts'
import { sliceTrace } from '../../src/trace/slice.ts'

const TRACE = fileURLToPath(new URL('../../../shared/traces/azure2019-twelve-days-704', import.meta.url))

function coldStarts(simulation: Simulation): number {
  return runSimulation(simulation).coldStarts.reduce((sum, count) => sum + count, 0)
}

/** Needs a sample of the Azure trace of 2019 that is not part of the project. */
it.skipIf(!existsSync(TRACE))('learning on days 1 to 8 and judging on 9 to 12 is not splitting the trace', async () => {
  const trace = await readTrace(TRACE)
  const world = { model: { ...PAPER_MODEL, unit: 'function', memory: 'equal' }, seed: 1 } as const
  const policy = policies.get('hybrid-histogram', 'test')
  expect(coldStarts({ ...world, trace, policy, accountFromMs: 8 * DAY })).toBe(3130)
  // Split in two, the second part begins with nothing learnt: 56 % more.
  expect(coldStarts({ ...world, trace: sliceTrace(trace, { from: { ms: 8 * DAY } }), policy })).toBe(4872)
})
