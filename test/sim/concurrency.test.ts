import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ACCOUNTS, type Ledger } from '../../src/engine/ledger.ts'
import { INSTANCES_MODEL } from '../../src/sim/model.ts'
import { type Simulation, runSimulation } from '../../src/sim/simulation.ts'
import { answers, type Execution, traceOf } from './scenario.ts'

const HORIZON_MS = 60_000

/** Executions of two apps, many of which run at the same time. */
const executions = fc.array(
  fc.tuple(fc.nat(HORIZON_MS - 1), fc.integer({ min: 1, max: 20_000 }), fc.constantFrom('a', 'b')),
  { minLength: 1, maxLength: 40 },
)

function rowsOf(ledger: Ledger): unknown[] {
  return ACCOUNTS.map((account) => [...ledger[account]])
}

it('apps whose instances serve unlike numbers at a time each have the accounts of a world with their own number', () => {
  fc.assert(
    fc.property(
      executions,
      fc.constantFrom(1, 2, 5, Number.POSITIVE_INFINITY),
      fc.constantFrom(1, 3),
      fc.constantFrom('new' as const, 'join' as const),
      (events, a, b, whileLoading) => {
        const rows: readonly Execution[] = [[0, 1, 'a'], [0, 1, 'b'], ...events]
        const trace = traceOf(rows, HORIZON_MS, 700)
        const simulation: Simulation = {
          trace,
          model: { ...INSTANCES_MODEL, whileLoading },
          policy: answers([0, 5000]),
          seed: 1,
        }
        const own = [a, b]
        const mixed = rowsOf(runSimulation({ ...simulation, concurrencyOf: (app) => own[app]! }))
        const alone = own.map((concurrency) => {
          return rowsOf(runSimulation({ ...simulation, model: { ...INSTANCES_MODEL, whileLoading, concurrency } }))
        })
        const expected = alone[0]!.map((account, index) => {
          return [(account as number[])[0], (alone[1]![index] as number[])[1]]
        })
        expect(mixed).toEqual(expected)
      },
    ),
    { numRuns: 60 },
  )
})
