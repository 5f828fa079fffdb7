import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MINUTE } from '../../../src/core/units.ts'
import { policies } from '../../../src/policy/policies/index.ts'
import { HELD, knowingEachGap } from '../../../src/sim/bounds/each-gap.ts'
import { coldAt } from '../../../src/sim/bounds/frontier.ts'
import { idlePeriods } from '../../../src/sim/bounds/idle-periods.ts'
import { judgedPeriods } from '../../../src/sim/bounds/judged-periods.ts'
import { PAPER_MODEL } from '../../../src/sim/model.ts'
import { runSimulation } from '../../../src/sim/simulation.ts'
import { TraceBuilder } from '../../../src/trace/build/builder.ts'
import type { Trace } from '../../../src/trace/trace.ts'

const MODEL = { ...PAPER_MODEL, memory: 'equal' } as const

function traceOf(list: readonly (readonly [minute: number, app: number])[]): Trace {
  const builder = new TraceBuilder({ id: 'judged', format: 'events' })
  for (const [minute, app] of list) builder.addEvent(builder.functionRow('', `app${app}`, 'f'), minute * MINUTE, 0)
  return builder.build(60 * MINUTE, { files: [], defects: [] })
}

function judged(trace: Trace, fromMs: number) {
  return judgedPeriods(idlePeriods({ trace, model: MODEL, seed: 1 }), fromMs)
}

function sum(column: Float64Array): number {
  return column.reduce((total, value) => total + value, 0)
}

it('an app that was invoked before the part may be held into it, and costs from the border on', () => {
  // App 0 at 0, 20 and 50 minutes, app 1 at 40 alone; the part begins at 30.
  const periods = judged(
    traceOf([
      [0, 0],
      [20, 0],
      [50, 0],
      [40, 1],
    ]),
    30 * MINUTE,
  )
  expect([...periods.lengthMs]).toEqual([20 * MINUTE])
  expect([...periods.startMs]).toEqual([30 * MINUTE])
  expect(periods.firstUses).toBe(1)
  const frontier = knowingEachGap(periods, HELD)
  expect([...frontier.cold]).toEqual([2, 1])
  expect([...frontier.idle]).toEqual([0, 20 * MINUTE])
})

it('no fixed window beats the bound of a judged part', () => {
  const arrivals = fc.array(fc.tuple(fc.nat(59), fc.nat(2)), { minLength: 1, maxLength: 12 })
  const cases = fc.tuple(arrivals, fc.integer({ min: 1, max: 58 }), fc.nat(60))
  fc.assert(
    fc.property(cases, ([list, border, window]) => {
      const trace = traceOf(list)
      const [fromMs, keepAlive] = [border * MINUTE, window * MINUTE]
      const policy = policies.get('fixed', 'a test')
      const ledger = runSimulation({
        trace,
        model: MODEL,
        policy,
        params: { keepAlive },
        seed: 1,
        accountFromMs: fromMs,
      })
      const least = coldAt(knowingEachGap(judged(trace, fromMs), HELD), sum(ledger.idleMs) + 1e-6)
      expect(sum(ledger.coldStarts)).toBeGreaterThanOrEqual(least)
    }),
    { numRuns: 300 },
  )
})
