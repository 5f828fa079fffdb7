import fc from 'fast-check'
import { expect, it } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../../../src/core/units.ts'
import { defuse } from '../../../src/policy/policies/defuse.ts'
import { Coincidences } from '../../../src/policy/policies/defuse/coincidences.ts'
import { INSTANCES_MODEL, PAPER_MODEL } from '../../../src/sim/model.ts'
import { runSimulation } from '../../../src/sim/simulation.ts'
import { type Execution, rowOf, traceOf } from '../../sim/scenario.ts'
import { asNaive, byHand } from './evidence.ts'
import { after, made } from './made-context.ts'
import { naiveDefuse, plainSets } from './naive-defuse.ts'

/** Calls of two apps of one owner, each half an hour, the second ten seconds after the first. */
const chain = (hours: number, first: string, second: string): Execution[] =>
  Array.from({ length: 2 * hours }, (_, nth) => 30 * nth * MINUTE).flatMap((at): Execution[] => [
    [at, 0, first],
    [at + 10 * SECOND, 0, second],
  ])

const params = { range: 10 * MINUTE, every: HOUR }

byHand('loads, by hand, an app when one is invoked that it depends on, once the first sets were made', () => {
  const trace = traceOf(chain(3, 'o/a', 'o/b'), 3 * HOUR)
  const ledger = runSimulation({ trace, model: PAPER_MODEL, policy: defuse, params, seed: 1 })
  const [a, b] = [
    rowOf(ledger, trace.apps.name.at(0) === 'o/a' ? 0 : 1),
    rowOf(ledger, trace.apps.name.at(0) === 'o/a' ? 1 : 0),
  ]
  // Half an hour is out of bounds: ten minutes are kept, and a is always cold. b is so at 0:00 and 0:30 only.
  expect(a.coldStarts).toBe(6)
  expect(b).toMatchObject({ coldStarts: 2, prewarms: 4 })
  expect(b.prewarmsUnused ?? 0).toBe(0)
})

byHand('keeps a set, by hand, from the end of the last execution of any of it, where executions take time', () => {
  const calls = chain(3, 'o/a', 'o/b').map(([at, , app]): Execution => [at, MINUTE, app!])
  const model = { ...INSTANCES_MODEL, coldStart: 0 }
  const ledger = runSimulation({ trace: traceOf(calls, 3 * HOUR), model, policy: defuse, params, seed: 1 })
  // At 0:00 and 0:30 each stays ten minutes after its own end. From 1:00 on a waits ten seconds more, for the end of b, and
  // b is loaded ten seconds before it is called.
  const idle = (2 * 600 + 4 * 610) * SECOND
  expect([...ledger.idleMs]).toEqual([idle, idle])
  expect(ledger.coldStarts[0]! + ledger.coldStarts[1]!).toBe(6 + 2)
})

it('sees no dependency across owners', () => {
  const trace = traceOf(chain(3, 'o/a', 'p/b'), 3 * HOUR)
  const ledger = runSimulation({ trace, model: PAPER_MODEL, policy: defuse, params, seed: 1 })
  expect([...ledger.coldStarts]).toEqual([6, 6])
})

it('is the hybrid histogram without forecast for an app that is alone', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(300), { maxLength: 30 }), (minutes) => {
      const alone = made('defuse')
      const hybrid = made('hybrid-histogram', { arima: false })
      let [now, out, expected] = [0, { prewarmMs: 0, keepAliveMs: 0 }, { prewarmMs: 0, keepAliveMs: 0 }]
      for (const [nth, minute] of minutes.entries()) {
        now += minute * MINUTE
        for (const policy of [alone, hybrid]) {
          policy.arrived(0, now, nth === 0 ? -1 : minute * MINUTE, 0)
          policy.finished?.(0, now, 0)
        }
        alone.decide(0, now, out)
        hybrid.decide(0, now, expected)
        expect(out.prewarmMs).toBeCloseTo(expected.prewarmMs, 6)
        expect(out.keepAliveMs).toBeCloseTo(expected.keepAliveMs, 6)
      }
    }),
    { numRuns: 50 },
  )
  expect(after(made('defuse'), [])).toEqual({ load: 0, unload: 240 })
})

asNaive('finds the sets that all frequent patterns and the mutual information of rare apps give', () => {
  const apps = 5
  const stretch = fc.uniqueArray(fc.nat(apps - 1), { maxLength: 4 })
  fc.assert(
    fc.property(
      fc.array(stretch, { maxLength: 25 }),
      fc.constantFrom(0.1, 0.2, 0.5),
      fc.nat(6),
      (stretches, support, frequent) => {
        const found = new Coincidences(Array.from({ length: apps }, (_, app) => app))
        const idles = Array.from({ length: apps }, () => 0)
        for (const [minute, members] of stretches.entries()) {
          for (const app of members) {
            found.hear(app, minute, true)
            idles[app]! += 1
          }
        }
        // One more of nobody's ends the last.
        found.hear(0, stretches.length + 1, false)
        const members = idles.map((_, app) => app)
        const before = stretches.filter(({ length }) => length > 0).map((each) => new Set(each))
        expect(found.sets(support, frequent)).toEqual(
          plainSets(members, before, (app) => idles[app]!, support, frequent),
        )
      },
    ),
    { numRuns: 300 },
  )
})

asNaive('is, with its sets, idle times and windows, a computation from the list of all arrivals', () => {
  const options = { range: HOUR, binWidth: MINUTE, every: 6 * HOUR, together: MINUTE, frequent: 5 }
  const names = ['o/a', 'o/b', 'o/c', 'p/d']
  const rhythm = fc.record({
    period: fc.constantFrom(7, 20, 45, 90),
    // How long after the call of the app before it comes, in seconds; or by itself.
    after: fc.constantFrom(0, 10, 30, undefined),
    misses: fc.integer({ min: 1, max: 9 }),
  })
  let [joined, windows] = [0, 0]
  fc.assert(
    fc.property(fc.tuple(rhythm, rhythm, rhythm, rhythm), fc.constantFrom(20, 60), (rhythms, support) => {
      let before: number[] = []
      const calls = rhythms.flatMap(({ period, after: delay, misses }, app) => {
        const own = Array.from({ length: Math.ceil((18 * 60) / period) }, (_, nth) => (nth * period + 3 * app) * MINUTE)
        const times = (
          delay === undefined || before.length === 0 ? own : before.map((at) => at + delay * SECOND)
        ).filter((_, nth) => nth % (misses + 1) !== misses)
        before = times
        return times.map((at): Execution => [at, 0, names[app]!])
      })
      const trace = traceOf(calls, 19 * HOUR)
      const owners = names.map((_, row) => (trace.apps.name.at(row).startsWith('o/') ? 0 : 1))
      const shared = { trace, model: PAPER_MODEL, seed: 1 }
      const found = runSimulation({ ...shared, policy: defuse, params: { ...options, support } })
      const naive = naiveDefuse({ ...options, support: support / 100 }, owners)
      const expected = runSimulation({ ...shared, policy: naive })
      for (const account of ['coldStarts', 'prewarms', 'prewarmsUnused'] as const)
        expect([...found[account]], account).toEqual([...expected[account]])
      for (const [app, idle] of found.idleMs.entries()) expect(idle).toBeCloseTo(expected.idleMs[app]!, 3)
      joined += found.prewarms.reduce((sum, each) => sum + each, 0)
      windows += 1
    }),
    { numRuns: 12 },
  )
  expect(joined).toBeGreaterThan(10 * windows)
})
