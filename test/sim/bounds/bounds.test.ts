import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MINUTE } from '../../../src/core/units.ts'
import { defaultsOf } from '../../../src/policy/parameters.ts'
import { policies } from '../../../src/policy/policies/index.ts'
import { boundsOf } from '../../../src/sim/bounds/bounds.ts'
import { capacityBound } from '../../../src/sim/bounds/capacity-bound.ts'
import { HELD, knowingEachGap, type Lead } from '../../../src/sim/bounds/each-gap.ts'
import { fixedWindowPerApp, fixedWindows } from '../../../src/sim/bounds/fixed-windows.ts'
import { coldAt, thinned } from '../../../src/sim/bounds/frontier.ts'
import { type IdlePeriods, idlePeriods } from '../../../src/sim/bounds/idle-periods.ts'
import { staticWindows } from '../../../src/sim/bounds/static-windows.ts'
import { chargedMemory } from '../../../src/sim/charged-memory.ts'
import { PAPER_MODEL } from '../../../src/sim/model.ts'
import { runSimulation } from '../../../src/sim/simulation.ts'
import { TraceBuilder } from '../../../src/trace/build/builder.ts'
import { readTrace } from '../../../src/trace/read.ts'
import type { Trace } from '../../../src/trace/trace.ts'
import { made } from '../../policy/policies/made-context.ts'
import { DIRIGENT, hasSamples } from '../../policy/policies/sample-figures.ts'

const HORIZON = 60 * MINUTE
const MEMORY = [1, 3, 2]

/** Arrivals in minutes, by app. */
type Arrivals = readonly (readonly [minute: number, app: number])[]

const arrivals = fc.array(fc.tuple(fc.nat(59), fc.nat(2)), { minLength: 1, maxLength: 9 })

function traceOf(list: Arrivals): Trace {
  const builder = new TraceBuilder({ id: 'bounds', format: 'events' })
  for (const [app, mb] of MEMORY.entries()) builder.addMemory('', `app${app}`, mb, 1)
  for (const [minute, app] of list) builder.addEvent(builder.functionRow('', `app${app}`, 'f'), minute * MINUTE, 0)
  for (const [app] of MEMORY.entries())
    builder.addColdStart(builder.functionRow('', `app${app}`, 'f'), 1000 * (app + 1))
  return builder.build(HORIZON, { files: [], defects: [] })
}

function periodsOf(trace: Trace): IdlePeriods {
  return idlePeriods({ trace, model: PAPER_MODEL, seed: 1 })
}

/** Every subset of the rows. */
function subsets(count: number): boolean[][] {
  return Array.from({ length: 2 ** count }, (_, bits) =>
    Array.from({ length: count }, (_, row) => ((bits >> row) & 1) === 1),
  )
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** Cold starts, and MB x ms of idle memory, of a policy. */
function accounts(
  trace: Trace,
  id: string,
  params: object = {},
): readonly [cold: number, idle: number, prewarms: number] {
  const policy = policies.get(id, 'a test')
  const all = { ...defaultsOf(policy.parameters), ...params }
  const ledger = runSimulation({ trace, model: PAPER_MODEL, policy, params: all, seed: 1 })
  const memory = chargedMemory(trace, PAPER_MODEL)
  const idle = ledger.idleMs.map((ms, app) => ms * memory[app]!)
  return [sum([...ledger.coldStarts]), sum([...idle]), sum([...ledger.prewarms])]
}

const LEADS: readonly Lead[] = [HELD, { ms: MINUTE, part: 0.1 }, { ms: 2 * MINUTE, part: 1 }, { ms: 0, part: 1 }]

describe('the frontier of those who know each idle time', () => {
  it.each(LEADS)('is the best of all sets of idle times whose cold start is saved, at a lead of %o', (lead) => {
    fc.assert(
      fc.property(arrivals, (list) => {
        const periods = periodsOf(traceOf(list))
        const costs = [...periods.lengthMs].map(
          (length, row) => Math.min(length, lead.ms, lead.part * length) * periods.memoryMb[periods.app[row]!]!,
        )
        const all = subsets(costs.length).map((set) => ({
          idle: sum(costs.filter((_, row) => set[row])),
          cold: periods.firstUses + set.filter((saved) => !saved).length,
        }))
        const frontier = knowingEachGap(periods, lead)
        for (const { idle } of all) {
          const best = Math.min(...all.filter((other) => other.idle <= idle).map(({ cold }) => cold))
          expect(coldAt(frontier, idle + 1e-6)).toBe(best)
        }
      }),
      { numRuns: 40, seed: 5 },
    )
  })

  it('with cold starts weighed by loading time, lies below all sets and touches the best ones', () => {
    fc.assert(
      fc.property(arrivals, (list) => {
        const periods = periodsOf(traceOf(list))
        const worth = (row: number): number => periods.coldStartMs[periods.app[row]!]!
        const rows = [...periods.lengthMs.keys()]
        const first = sum([...periods.tailMs].map((tail, app) => (tail >= 0 ? periods.coldStartMs[app]! : 0)))
        const frontier = knowingEachGap(periods, HELD, 'loading')
        const all = subsets(rows.length).map((set) => ({
          idle: sum(
            rows.filter((row) => set[row]).map((row) => periods.lengthMs[row]! * periods.memoryMb[periods.app[row]!]!),
          ),
          cold: first + sum(rows.filter((row) => !set[row]).map(worth)),
        }))
        for (const { idle, cold } of all) expect(coldAt(frontier, idle)).toBeLessThanOrEqual(cold + 1e-6)
        for (const [at, idle] of frontier.idle.entries()) {
          expect(all).toContainEqual({ idle, cold: frontier.cold[at] })
        }
      }),
      { numRuns: 30, seed: 6 },
    )
  })
})

describe('every fixed window from one pass', () => {
  it('has the accounts that a simulation of each has', () => {
    fc.assert(
      fc.property(arrivals, (list) => {
        const trace = traceOf(list)
        const { windowMs, idle, cold } = fixedWindows(periodsOf(trace))
        for (const [at, keepAlive] of windowMs.entries()) {
          expect([cold[at], idle[at]]).toEqual(accounts(trace, 'fixed', { keepAlive }).slice(0, 2))
        }
      }),
      { numRuns: 30, seed: 7 },
    )
  })

  it('for each app by itself lies below all choices of windows and is one of them at its points', () => {
    fc.assert(
      fc.property(arrivals, (list) => {
        const trace = traceOf(list)
        const frontier = fixedWindowPerApp(periodsOf(trace))
        const ways = choices(list, (gaps) => [0, ...gaps].map((unload) => ({ load: 0, unload })))
        expectFrontier(frontier, ways)
      }),
      { numRuns: 30, seed: 8 },
    )
  })
})

interface WindowMs {
  readonly load: number
  readonly unload: number
}

/** Cold starts and idle memory of every choice of one window an app, computed gap by gap. */
function choices(list: Arrivals, windowsOf: (gaps: readonly number[]) => WindowMs[]): { idle: number; cold: number }[] {
  let ways = [{ idle: 0, cold: 0 }]
  for (const [app, mb] of MEMORY.entries()) {
    const times = list.filter(([, whose]) => whose === app).map(([minute]) => minute * MINUTE)
    const inOrder = [...new Set(times)].sort((one, other) => one - other)
    if (inOrder.length === 0) continue
    const gaps = inOrder.slice(1).map((at, index) => at - inOrder[index]!)
    const tail = HORIZON - inOrder.at(-1)!
    ways = windowsOf(gaps).flatMap(({ load, unload }) => {
      const held = (gap: number): number => Math.max(0, Math.min(gap, unload) - Math.min(gap, load))
      const idle = sum([...gaps, tail].map(held)) * mb
      const cold = 1 + gaps.filter((gap) => gap < load || gap > unload).length
      return ways.map((way) => ({ idle: way.idle + idle, cold: way.cold + cold }))
    })
  }
  return ways
}

function expectFrontier(
  frontier: Parameters<typeof coldAt>[0],
  ways: readonly { readonly idle: number; readonly cold: number }[],
): void {
  for (const { idle, cold } of ways) expect(coldAt(frontier, idle)).toBeLessThanOrEqual(cold + 1e-6)
  for (const [at, idle] of frontier.idle.entries()) {
    const near = ways.some((way) => Math.abs(way.idle - idle) < 1e-3 && way.cold === frontier.cold[at])
    expect(near, `${idle} MB x ms`).toBe(true)
  }
}

describe('the best window of each app in hindsight', () => {
  it('lies below all windows that begin a lead before an idle time and end with one, and is one of them at its points', () => {
    fc.assert(
      fc.property(arrivals, (list) => {
        const lead = { ms: 2 * MINUTE, part: 0.5 }
        const frontier = staticWindows(periodsOf(traceOf(list)), lead, 'app')
        const loadOf = (gap: number): number => gap - Math.min(lead.ms, lead.part * gap)
        const ways = choices(list, (gaps) => [
          { load: Number.POSITIVE_INFINITY, unload: Number.POSITIVE_INFINITY },
          ...gaps.map((unload) => ({ load: 0, unload })),
          ...gaps.flatMap((gap) => gaps.filter((last) => last >= gap).map((unload) => ({ load: loadOf(gap), unload }))),
        ])
        expectFrontier(frontier, ways)
      }),
      { numRuns: 30, seed: 9 },
    )
  })

  it('is no worse with more context, on which it may also rest', () => {
    fc.assert(
      fc.property(arrivals, (list) => {
        const periods = periodsOf(traceOf(list))
        const [app, context] = (['app', 'lastGap'] as const).map((each) => staticWindows(periods, HELD, each))
        for (const idle of app!.idle) expect(coldAt(context!, idle)).toBeLessThanOrEqual(coldAt(app!, idle) + 1e-6)
      }),
      { numRuns: 30, seed: 10 },
    )
  })
})

describe('the bound under a limit of memory', () => {
  it('is never above the best of all sets of idle times that fit at every moment', () => {
    let tight = 0
    fc.assert(
      fc.property(arrivals, fc.integer({ min: 1, max: 6 }), (list, memoryMb) => {
        const periods = periodsOf(traceOf(list))
        const rows = [...periods.lengthMs.keys()]
        const fits = (set: readonly boolean[]): boolean =>
          Array.from({ length: 60 }, (_, minute) => (minute + 0.5) * MINUTE).every((now) => {
            const held = rows.filter(
              (row) => set[row] && periods.startMs[row]! <= now && now < periods.startMs[row]! + periods.lengthMs[row]!,
            )
            return sum(held.map((row) => periods.memoryMb[periods.app[row]!]!)) <= memoryMb
          })
        const best = Math.max(
          ...subsets(rows.length)
            .filter(fits)
            .map((set) => set.filter(Boolean).length),
        )
        const { coldStarts } = capacityBound(periods, memoryMb)
        const least = periods.firstUses + rows.length - best
        expect(coldStarts).toBeLessThanOrEqual(least)
        expect(coldStarts).toBeGreaterThanOrEqual(periods.firstUses)
        if (coldStarts === least) tight += 1
      }),
      { numRuns: 60, seed: 12 },
    )
    expect(tight).toBeGreaterThan(40)
  })
})

it('a frontier in fewer points keeps its ends and lies on the whole one', () => {
  const whole = knowingEachGap(
    periodsOf(
      traceOf([
        [0, 0],
        [3, 0],
        [10, 0],
        [40, 0],
        [41, 0],
        [50, 0],
      ]),
    ),
    HELD,
  )
  const few = thinned(whole, 3)
  expect(few.idle.length).toBeLessThanOrEqual(3)
  expect([few.cold[0], few.cold.at(-1)]).toEqual([6, 1])
  for (const idle of few.idle) expect(coldAt(few, idle)).toBe(coldAt(whole, idle))
})

describe.skipIf(!hasSamples)('on 476 apps of eight hours, a sample that lies beside the project', () => {
  it('no policy that learns per app is better than what bounds it', async () => {
    const trace = await readTrace([DIRIGENT])
    const bounds = boundsOf({ trace, model: PAPER_MODEL, seed: 1 }, { ms: 0, part: 1 })
    const held = bounds.frontiers.find(({ id }) => id === 'hold-or-drop')!.frontier
    const anyone = bounds.frontiers.find(({ id }) => id === 'foresight')!.frontier
    const better = policies.all
      .filter(({ id, scope }) => scope === 'app' && made(id).floor === undefined)
      .filter(({ id }) => {
        const [cold, idle, prewarms] = accounts(trace, id)
        return cold < coldAt(prewarms === 0 ? held : anyone, idle)
      })
    expect(better.map(({ id }) => id)).toEqual([])
  })
})
