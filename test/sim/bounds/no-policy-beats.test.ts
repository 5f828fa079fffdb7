import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HOUR, MINUTE } from '../../../src/core/units.ts'
import type { Ledger } from '../../../src/engine/ledger.ts'
import { defaultsOf } from '../../../src/policy/parameters.ts'
import { policies } from '../../../src/policy/policies/index.ts'
import { BREAK_EVEN_LEAD } from '../../../src/sim/bounds/bounds.ts'
import { capacityBound } from '../../../src/sim/bounds/capacity-bound.ts'
import { HELD, knowingEachGap } from '../../../src/sim/bounds/each-gap.ts'
import { fixedWindowPerApp, fixedWindows } from '../../../src/sim/bounds/fixed-windows.ts'
import { coldAt } from '../../../src/sim/bounds/frontier.ts'
import { idlePeriods } from '../../../src/sim/bounds/idle-periods.ts'
import { judgedPeriods } from '../../../src/sim/bounds/judged-periods.ts'
import { made } from '../../policy/policies/made-context.ts'
import { CLUSTER_MODEL, type Model, PAPER_MODEL } from '../../../src/sim/model.ts'
import { runSimulation } from '../../../src/sim/simulation.ts'
import { TraceBuilder } from '../../../src/trace/build/builder.ts'
import type { Trace } from '../../../src/trace/trace.ts'

const MEMORY = [1, 3, 2]
const HORIZON = 8 * HOUR

/** Arrivals in minutes, by app: some at random, and a timer. */
const arrivals = fc
  .record({
    random: fc.array(fc.tuple(fc.nat(479), fc.nat(2)), { minLength: 1, maxLength: 25 }),
    every: fc.integer({ min: 10, max: 60 }),
    app: fc.nat(2),
  })
  .map(({ random, every, app }) => [
    ...random,
    ...Array.from({ length: Math.floor(480 / every) }, (_, nth) => [nth * every, app] as const),
  ])

function traceOf(list: readonly (readonly [minute: number, app: number])[]): Trace {
  const builder = new TraceBuilder({ id: 'beats', format: 'events' })
  for (const [app, mb] of MEMORY.entries()) builder.addMemory('', `app${app}`, mb, 1)
  for (const [minute, app] of list) builder.addEvent(builder.functionRow('', `app${app}`, 'f'), minute * MINUTE, 0)
  for (const app of MEMORY.keys()) builder.addColdStart(builder.functionRow('', `app${app}`, 'f'), 1000)
  return builder.build(HORIZON, { files: [], defects: [] })
}

function run(trace: Trace, id: string, accountFromMs: number, params: object = {}, model: Model = PAPER_MODEL): Ledger {
  const policy = policies.get(id, 'a test')
  const all = { ...defaultsOf(policy.parameters), ...params }
  return runSimulation({ trace, model, policy, params: all, seed: 1, accountFromMs })
}

const sum = (column: Float64Array): number => column.reduce((total, value) => total + value, 0)

function idleOf({ idleMs }: Ledger): number {
  // Times are whole ms here, so what is above is rounding.
  return sum(idleMs.map((ms, app) => ms * MEMORY[app]!)) + 1e-3
}

/** These load at least a tenth of the idle time before its end, or a minute. */
const AHEAD = ['break-even', 'hybrid-histogram', 'production-histogram']

/** What these load before an app's first use may be loaded before the border, and is no load of the judged part. */
const loadsUnused = (id: string): boolean => {
  const { scope } = policies.get(id, 'a test')
  return scope === 'fleet' || made(id).floor !== undefined
}

describe.each(policies.ids)('%s on small random traces', (id) => {
  it('has no fewer cold starts than the bounds that speak of it, and no fewer loads than whoever loads on demand', () => {
    fc.assert(
      fc.property(arrivals, fc.constantFrom(0, loadsUnused(id) ? 0 : 3 * HOUR), (list, fromMs) => {
        const trace = traceOf(list)
        const whole = idlePeriods({ trace, model: PAPER_MODEL, seed: 1 })
        const periods = fromMs === 0 ? whole : judgedPeriods(whole, fromMs)
        const ledger = run(trace, id, fromMs)
        const [cold, loads, idle] = [sum(ledger.coldStarts), sum(ledger.loads), idleOf(ledger)]
        // Whoever does not hold an app from one use to the next loads it in between, be it ahead of time.
        const held = coldAt(knowingEachGap(periods, HELD), idle)
        expect(loads).toBeGreaterThanOrEqual(held)
        const ahead = AHEAD.includes(id) ? coldAt(knowingEachGap(periods, BREAK_EVEN_LEAD), idle) : 0
        const onDemand = sum(ledger.prewarms) === 0 ? held : 0
        expect(cold).toBeGreaterThanOrEqual(Math.max(ahead, onDemand))
      }),
      { numRuns: 8 },
    )
  })
})

it('no fixed window is better than the best fixed windows in hindsight, of all apps and of each', () => {
  fc.assert(
    fc.property(arrivals, fc.integer({ min: 0, max: 120 }), (list, minutes) => {
      const trace = traceOf(list)
      const periods = idlePeriods({ trace, model: PAPER_MODEL, seed: 1 })
      const ledger = run(trace, 'fixed', 0, { keepAlive: minutes * MINUTE })
      const [one, each] = [fixedWindows(periods), fixedWindowPerApp(periods)].map((frontier) =>
        coldAt(frontier, idleOf(ledger)),
      ) as [number, number]
      expect(sum(ledger.coldStarts)).toBeGreaterThanOrEqual(one)
      expect(one).toBeGreaterThanOrEqual(each)
    }),
    { numRuns: 60 },
  )
})

it('no policy loads less often on one small node than the bound of its memory says', () => {
  fc.assert(
    fc.property(arrivals, fc.constantFrom(...policies.ids), fc.integer({ min: 3, max: 5 }), (list, id, least) => {
      // The largest app must fit the first of two pools.
      const memoryMb = id === 'kiss' ? 5 : least
      const trace = traceOf(list)
      const periods = idlePeriods({ trace, model: PAPER_MODEL, seed: 1 })
      const model: Model = { ...CLUSTER_MODEL, nodes: [{ count: 1, memoryMb }], coldStart: 0 }
      const ledger = run(trace, id, 0, id === 'kiss' ? { border: 3 } : {}, model)
      // What found no room was not served by an instance that was held either.
      const { coldStarts } = capacityBound(periods, memoryMb)
      expect(sum(ledger.loads) + sum(ledger.drops)).toBeGreaterThanOrEqual(coldStarts)
    }),
    { numRuns: 80 },
  )
})
