import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { REASONS } from '../../src/engine/ledger.ts'
import { hybridHistogram } from '../../src/policy/policies/hybrid-histogram.ts'
import { historiesOf } from '../../src/sim/app-history.ts'
import { INSTANCES_MODEL, PAPER_MODEL } from '../../src/sim/model.ts'
import { runSimulation } from '../../src/sim/simulation.ts'
import { answers, type Execution, traceOf } from './scenario.ts'

const executions = fc.array(
  fc.tuple(fc.nat(5000), fc.nat(300), fc.constantFrom('a', 'b')).map((each): Execution => each),
  { minLength: 1, maxLength: 40 },
)

describe('the history of an app', () => {
  it('tells of each arrival what became of it, and of each answer when it was given', () => {
    // Windows of 10 ms: idle from 5 to 12 is warm, from 12 to 40 is not.
    const trace = traceOf(
      [
        [0, 5],
        [12, 0],
        [40, 0],
      ],
      100,
      0,
    )
    const [history] = historiesOf({ trace, model: INSTANCES_MODEL, policy: answers([0, 10]), seed: 1 }, [0])
    const { arrivals, answers: given } = history!
    expect(arrivals.map(({ at, idleMs, cold, reason }) => [at, idleMs, cold, reason])).toEqual([
      [0, -1, 1, 'first'],
      [12, 7, 0, null],
      [40, 28, 1, 'expired'],
    ])
    expect(given).toEqual([5, 12, 40].map((at) => ({ at, prewarmMs: 0, keepAliveMs: 10 })))
  })

  it('is the same where accounts begin later, at which border they begin anew', () => {
    const trace = traceOf(
      [
        [0, 5],
        [12, 0],
        [40, 0],
      ],
      100,
      0,
    )
    const simulation = { trace, model: INSTANCES_MODEL, policy: answers([0, 10]), seed: 1 }
    expect(historiesOf({ ...simulation, accountFromMs: 30 }, [0])).toEqual(historiesOf(simulation, [0]))
  })

  it('adds up to the accounts of the run, app by app and in time order', () => {
    fc.assert(
      fc.property(executions, fc.boolean(), fc.boolean(), (list, isPaper, isFleet) => {
        const trace = traceOf(list, 6000, 20)
        const model = isPaper ? PAPER_MODEL : INSTANCES_MODEL
        const scope = isFleet ? ('fleet' as const) : ('app' as const)
        const simulation = {
          trace,
          model,
          policy: { ...hybridHistogram, scope },
          params: { range: 2000, binWidth: 100 },
          seed: 3,
        }
        const ledger = runSimulation(simulation)
        for (let app = 0; app < trace.apps.count; app += 1) {
          const { arrivals } = historiesOf(simulation, [app])[0]!
          const sum = (of: (arrival: (typeof arrivals)[number]) => number): number =>
            arrivals.reduce((total, arrival) => total + of(arrival), 0)
          expect(sum(({ invocations }) => invocations)).toBe(ledger.invocations[app])
          expect(sum(({ cold }) => cold)).toBe(ledger.coldStarts[app])
          expect(sum(({ joined }) => joined)).toBe(ledger.joined[app])
          for (const reason of REASONS) {
            expect(sum((arrival) => (arrival.reason === reason ? arrival.cold : 0))).toBe(ledger[reason][app])
          }
        }
      }),
      { numRuns: 100, seed: 1 },
    )
  })
})
