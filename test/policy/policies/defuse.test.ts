import fc from 'fast-check'
import { expect, it } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../../../src/core/units.ts'
import { defuse } from '../../../src/policy/policies/defuse.ts'
import { Coincidences } from '../../../src/policy/policies/defuse/coincidences.ts'
import { PAPER_MODEL } from '../../../src/sim/model.ts'
import { runSimulation } from '../../../src/sim/simulation.ts'
import { type Execution, rowOf, traceOf } from '../../sim/scenario.ts'
import { asNaive, byHand } from './evidence.ts'
import { after, made } from './made-context.ts'

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

/** Sets by the definitions: every frequent pattern joins its apps, and each rare app the one it tells most of. */
function plainSets(
  apps: number,
  stretches: readonly (readonly number[])[],
  idles: readonly number[],
  support: number,
  frequent: number,
) {
  const all = stretches.filter((each) => each.length > 0).map((each) => new Set(each))
  const times = (wanted: readonly number[]): number => all.filter((each) => wanted.every((app) => each.has(app))).length
  const group = Array.from({ length: apps }, (_, app) => app)
  const join = (one: number, other: number): void => {
    const [from, to] = [Math.max(group[one]!, group[other]!), Math.min(group[one]!, group[other]!)]
    for (const app of group.keys()) if (group[app] === from) group[app] = to
  }
  for (let pattern = 0; pattern < 2 ** apps; pattern += 1) {
    const members = group.map((_, app) => app).filter((app) => (pattern >> app) % 2 === 1)
    if (members.length < 2 || times(members) === 0 || times(members) < support * all.length) continue
    for (const member of members) join(members[0]!, member)
  }
  for (let rare = 0; rare < apps; rare += 1) {
    if (idles[rare]! >= frequent) continue
    let [best, most] = [-1, 0]
    for (let other = 0; other < apps; other += 1) {
      if (other === rare || idles[other]! < frequent || times([rare, other]) === 0) continue
      const information = Math.log((times([rare, other]) * all.length) / (times([rare]) * times([other])))
      if (information > most + 1e-12) [best, most] = [other, information]
    }
    if (best >= 0) join(rare, best)
  }
  return [...new Set(group)].map((top) => group.map((_, app) => app).filter((app) => group[app] === top))
}

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
        const before = stretches
        found.hear(0, stretches.length + 1, false)
        expect(found.sets(support, frequent)).toEqual(plainSets(apps, before, idles, support, frequent))
      },
    ),
    { numRuns: 300 },
  )
})
