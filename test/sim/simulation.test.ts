import { describe, expect, it } from 'vitest'
import { fixed } from '../../src/policy/policies/fixed.ts'
import { INSTANCES_MODEL } from '../../src/sim/model.ts'
import { runSimulation } from '../../src/sim/simulation.ts'
import { answers, traceOf } from './scenario.ts'

describe('simulate', () => {
  it('refuses an answer that is no window, naming the policy and the app', () => {
    const trace = traceOf([[0, 1]], 10)
    const model = { ...INSTANCES_MODEL, coldStart: 0 }
    const run = () => runSimulation({ trace, model, policy: answers([0, Number.NaN]), params: {}, seed: 1 })
    expect(run).toThrow(
      'policy answers, app a: decide() must set keepAliveMs to a number of ms from 0 to Infinity, found NaN, or it was not set, at 1 ms.',
    )
  })

  it('refuses to charge the memory of a trace that has none', () => {
    const trace = { ...traceOf([[0, 1]], 10), offers: [] }
    const run = () => runSimulation({ trace, model: INSTANCES_MODEL, policy: fixed, params: { keepAlive: 1 }, seed: 1 })
    expect(run).toThrow('model.memory: the trace scenario has no memory table, so "trace" means nothing.')
  })
})
