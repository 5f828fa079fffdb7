import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TimerQueue } from '../../src/core/timer-queue.ts'
import { ARRIVE, COLD, FINISH, LOADED, WARM } from '../../src/engine/contract.ts'
import { ACCOUNTS, createLedger, type Ledger } from '../../src/engine/ledger.ts'
import type { SavedWindows } from '../../src/engine/saved-windows.ts'
import { Fleet, type FleetOptions, type Orders } from '../../src/live/fleet.ts'
import { checkLedger } from '../../src/metrics/check-ledger.ts'
import { defaultsOf, type ParameterValues } from '../../src/policy/parameters.ts'
import { policies } from '../../src/policy/policies/index.ts'
import type { Policy, PolicyDefinition } from '../../src/policy/policy.ts'
import { CLUSTER_MODEL, INSTANCES_MODEL, type Model } from '../../src/sim/model.ts'
import { simulate } from '../../src/sim/simulate.ts'
import { arrivalsInTime } from '../../src/trace/arrivals-in-time.ts'
import type { Trace } from '../../src/trace/trace.ts'
import { answers, type Execution, rowOf, traceOf } from '../sim/scenario.ts'

/** Calls carry how long they take, and what they are of. */
interface Call {
  readonly fn: number
  readonly durationMs: number
}

/** What a fleet needs of a model; every app has 1 MB. */
type World = Pick<Model, 'concurrency' | 'reuse' | 'whileLoading' | 'renew' | 'nodes'>

function optionsOf(apps: number, { concurrency, reuse, whileLoading, renew, nodes }: World): FleetOptions {
  const each = <T>(value: T): T[] => Array.from({ length: apps }, () => value)
  const budgetMb = nodes[0]?.memoryMb ?? Number.POSITIVE_INFINITY
  return { concurrency: each(concurrency), memoryMb: each(1), budgetMb, reuse, whileLoading, renew }
}

/** Instances that take as long to start as the test says, and a clock that the test moves. */
class InMemory implements Orders<Call> {
  readonly fleet: Fleet<Call>
  readonly ended: string[] = []
  /** Whether the clock never tells the fleet that something is due. */
  isLate = false
  private readonly timers = new TimerQueue()
  private readonly startMs: number
  private now = 0

  constructor(apps: number, model: World, policy: Policy, startMs: number) {
    this.startMs = startMs
    this.fleet = new Fleet(optionsOf(apps, model), policy, createLedger(apps, 0), this)
  }

  start(_app: number, instance: number, now: number): void {
    if (this.startMs === 0) this.fleet.ready(instance, now)
    else this.timers.push(now + this.startMs, LOADED, instance, 0)
  }

  stop(app: number, _instance: number, now: number): void {
    this.ended.push(`${app}@${now}`)
  }

  run(_app: number, instance: number, { fn, durationMs }: Call): void {
    this.timers.push(this.now + durationMs, FINISH, instance, fn)
  }

  arrive(app: number, fn: number, now: number, durationMs: number): void {
    this.until(now)
    this.now = now
    this.fleet.arrive(app, fn, now, { fn, durationMs })
  }

  /** Lets everything happen that comes before an arrival at `now`; with a clock that is late, no timer of windows. */
  until(now: number): void {
    const { timers, fleet } = this
    for (;;) {
      const due = timers.size > 0 ? timers.nextTime : Number.POSITIVE_INFINITY
      const next = this.isLate ? due : Math.min(due, fleet.nextDue)
      if (next > now || next === Number.POSITIVE_INFINITY) return
      this.now = next
      if (due > next) {
        if (next === now) return fleet.advance(now, ARRIVE)
        fleet.advance(next)
        continue
      }
      const { nextRank, nextSubject, nextDetail } = timers
      timers.pop()
      if (nextRank === FINISH) fleet.ended(nextSubject, nextDetail, next)
      else fleet.ready(nextSubject, next)
    }
  }

  /** An instance is lost; of what was to happen to it nothing does. */
  lose(instance: number, now: number): readonly Call[] {
    this.until(now)
    this.timers.clear()
    return this.fleet.lost(instance, now)
  }

  close(horizonMs: number): Ledger {
    this.until(horizonMs)
    this.fleet.advance(horizonMs)
    this.fleet.close(horizonMs)
    return this.fleet.ledger
  }
}

function policyFor(definition: PolicyDefinition, trace: Trace): Policy {
  return definition.create(defaultsOf(definition.parameters) as ParameterValues<never>, {
    apps: trace.apps.count,
    functions: trace.functions.count,
    horizonMs: Number.POSITIVE_INFINITY,
    memoryMb: trace.apps.memoryMb,
    trigger: trace.functions.trigger,
    seed: 1,
  })
}

function liveLedger(trace: Trace, definition: PolicyDefinition, model: Model, isLate = false): Ledger {
  const world = new InMemory(trace.apps.count, model, policyFor(definition, trace), model.coldStart as number)
  world.isLate = isLate
  const arrivals = arrivalsInTime(trace, 'minute', 1)
  const { block } = arrivals
  for (let rows = arrivals.next(); rows >= 0; rows = arrivals.next()) {
    for (let row = 0; row < rows; row += 1) {
      world.arrive(block.app[row]!, block.fn[row]!, block.timeMs[row]!, block.durationMs[row]!)
    }
  }
  return world.close(trace.horizonMs)
}

function expectSameAccounts(found: Ledger, expected: Ledger): void {
  for (const account of ACCOUNTS) expect([account, ...found[account]]).toEqual([account, ...expected[account]])
}

const execution = fc.tuple(
  fc.integer({ min: 0, max: 40 }),
  fc.integer({ min: 0, max: 9 }),
  fc.constantFrom('a', 'b', 'c'),
  fc.constantFrom('f', 'g'),
)
const window = fc.oneof(fc.integer({ min: 0, max: 8 }), fc.constantFrom(0, 2.5, 30, Number.POSITIVE_INFINITY))
const windows = fc.array(fc.tuple(fc.oneof(fc.constant(0), window), window), { minLength: 1, maxLength: 6 })
const worlds = fc.record({
  coldStart: fc.integer({ min: 0, max: 5 }),
  concurrency: fc.constantFrom(1, 2, 3, Number.POSITIVE_INFINITY),
  reuse: fc.constantFrom('newest', 'oldest'),
  whileLoading: fc.constantFrom('new', 'join'),
  renew: fc.boolean(),
}) satisfies fc.Arbitrary<Partial<Model>>

describe('the fleet with a clock and instances of the test', () => {
  it("has the by-app driver's accounts on events dense in ties and overlaps", () => {
    fc.assert(
      fc.property(fc.array(execution, { minLength: 1, maxLength: 40 }), windows, worlds, (rows, given, world) => {
        const trace = traceOf(rows as Execution[], 80)
        const model = { ...INSTANCES_MODEL, ...world }
        const policy = answers(...given)
        const expected = simulate({ trace, model, policy, params: {}, seed: 1, order: 'engine' })
        expectSameAccounts(liveLedger(trace, policy, model), expected)
      }),
      { numRuns: 1500 },
    )
  })

  it("has the time-ordered driver's accounts where memory is short and who finds none is dropped", () => {
    const memory = fc.integer({ min: 1, max: 4 })
    fc.assert(
      fc.property(
        fc.array(execution, { minLength: 1, maxLength: 40 }),
        windows,
        worlds,
        memory,
        (rows, given, world, memoryMb) => {
          const trace = traceOf(rows as Execution[], 80)
          const nodes = [{ count: 1, memoryMb }]
          const model: Model = { ...CLUSTER_MODEL, ...world, nodes, eviction: 'lru', overflow: 'drop' }
          const policy = answers(...given)
          const expected = simulate({ trace, model, policy, params: {}, seed: 1, order: 'time' })
          expectSameAccounts(liveLedger(trace, policy, model), expected)
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('has them however late the clock is, where starts take no time: what was due before a fact happens before it', () => {
    fc.assert(
      fc.property(fc.array(execution, { minLength: 1, maxLength: 40 }), windows, worlds, (rows, given, world) => {
        const trace = traceOf(rows as Execution[], 80)
        const model = { ...INSTANCES_MODEL, ...world, coldStart: 0 }
        const policy = answers(...given)
        const expected = simulate({ trace, model, policy, params: {}, seed: 1, order: 'engine' })
        expectSameAccounts(liveLedger(trace, policy, model, true), expected)
      }),
      { numRuns: 500 },
    )
  })

  it('has them under every policy on traces of hours', () => {
    const hours = fc.array(
      fc.tuple(
        fc.integer({ min: 0, max: 6 * 3_600_000 }),
        fc.integer({ min: 0, max: 90_000 }),
        fc.constantFrom('a', 'b'),
      ),
      { minLength: 1, maxLength: 120 },
    )
    const listed = policies.all.filter(({ needs }) => needs.length === 0)
    fc.assert(
      fc.property(hours, fc.constantFrom(...listed), fc.integer({ min: 0, max: 4000 }), (rows, policy, coldStart) => {
        const trace = traceOf(rows as unknown as Execution[], 8 * 3_600_000)
        const model = { ...INSTANCES_MODEL, coldStart }
        const params = defaultsOf(policy.parameters)
        const expected = simulate({ trace, model, policy, params, seed: 1, order: 'time' })
        expectSameAccounts(liveLedger(trace, policy, model), expected)
      }),
      { numRuns: 200 },
    )
  })
})

function inMemory(...given: readonly (readonly [number, number])[]): InMemory {
  const trace = traceOf([[0, 0]], 1)
  return new InMemory(1, INSTANCES_MODEL, policyFor(answers(...given), trace), 5)
}

describe('an instance that is lost', () => {
  it('while idle is replaced at the next arrival, whose reason is that it was taken away', () => {
    //  0  5    15   20      30
    //  |LLBBBBB-----x       |LL
    const world = inMemory([0, 100])
    world.arrive(0, 0, 0, 10)
    expect(world.lose(0, 20)).toEqual([])
    world.arrive(0, 0, 30, 10)
    const row = { invocations: 2, coldStarts: 2, first: 1, evicted: 1, loads: 2, loadingMs: 10, busyMs: 20, idleMs: 10 }
    expect(rowOf(world.close(50))).toEqual(row)
  })

  it('after its window had ended, though the clock told nobody, costs no other instance', () => {
    //  0  5    15      25  30     the window ends at 25; told at 30 that it was lost
    const world = inMemory([0, 10])
    world.arrive(0, 0, 0, 10)
    world.until(15)
    expect(world.fleet.lost(0, 30)).toEqual([])
    expect(world.ended).toEqual(['0@25'])
    expect(rowOf(world.close(40))).toMatchObject({ loads: 1, idleMs: 10 })
  })

  it('while busy ends what ran on it, and the app goes idle', () => {
    //  0  5    9         29
    //  |LLBBBBBx         |LL     asked for windows at 9: pre-warm after 15
    const world = inMemory([15, 100])
    world.arrive(0, 0, 0, 10)
    world.lose(0, 9)
    expect(rowOf(world.close(40))).toMatchObject({ coldStarts: 1, prewarms: 1, loads: 2, busyMs: 4 })
  })

  it('while loading gives back the calls that waited for it', () => {
    const world = inMemory([0, 100])
    world.arrive(0, 0, 0, 10)
    expect(world.lose(0, 3)).toEqual([{ fn: 0, durationMs: 10 }])
    expect(rowOf(world.close(40))).toEqual({ invocations: 1, coldStarts: 1, first: 1, loads: 1, loadingMs: 3 })
  })

  it('at any time leaves the accounts adding up', () => {
    const facts = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 }), fc.boolean()), {
      minLength: 1,
      maxLength: 40,
    })
    fc.assert(
      fc.property(facts, windows, worlds, (steps, given, { coldStart, ...model }) => {
        const alive = new Map<number, { waiting: number; running: number[]; isReady: boolean }>()
        let [now, begun, over] = [0, 0, 0]
        const orders: Orders<number> = {
          start: (_app, instance) => void alive.set(instance, { waiting: 0, running: [], isReady: false }),
          stop: (_app, instance) => void alive.delete(instance),
          run: (_app, instance) => void alive.get(instance)!.running.push(0),
        }
        const trace = traceOf([[0, 0]], 1)
        const fleet = new Fleet(
          optionsOf(1, { ...model, nodes: [{ count: 1, memoryMb: 3 }] }),
          policyFor(answers(...given), trace),
          createLedger(1, 0),
          orders,
        )
        for (const [wait, choice, isLoss] of steps) {
          now += wait
          const chosen = [...alive].at(choice % Math.max(1, alive.size))
          if (chosen === undefined || choice < 4) {
            fleet.arrive(0, 0, now, begun)
            begun += 1
          } else if (isLoss) {
            fleet.advance(now, FINISH)
            if (!alive.has(chosen[0])) continue
            over += chosen[1].running.length + fleet.lost(chosen[0], now).length
          } else if (!chosen[1].isReady) {
            fleet.advance(now, FINISH)
            if (!alive.has(chosen[0])) continue
            chosen[1].isReady = true
            fleet.ready(chosen[0], now)
          } else if (chosen[1].running.length > 0) {
            chosen[1].running.pop()
            fleet.ended(chosen[0], 0, now)
            over += 1
          }
        }
        fleet.close(now + coldStart)
        expect(checkLedger(fleet.ledger)).toEqual([])
        expect(alive.size).toBe(0)
        expect(fleet.ledger.invocations[0]).toBe(begun)
        expect(over).toBeLessThanOrEqual(begun)
      }),
      { numRuns: 500 },
    )
  })
})

describe('a fleet with unlike concurrencies', () => {
  it('keeps each app to its own', () => {
    const started: number[] = []
    const trace = traceOf(
      [
        [0, 0],
        [0, 0, 'b'],
      ],
      1,
    )
    const fleet = new Fleet<string>(
      { ...optionsOf(2, { ...INSTANCES_MODEL, whileLoading: 'join' }), concurrency: [1, 2] },
      policyFor(answers([0, 10]), trace),
      createLedger(2, 0),
      { start: (app) => void started.push(app), stop() {}, run() {} },
    )
    const outcomes = [0, 1].flatMap((app) => [1, 2].map((now) => fleet.arrive(app, 0, now * (1 + app * 9), 'call')))
    expect(started).toEqual([0, 0, 1])
    expect(outcomes.map(({ reason }) => reason)).toEqual(['first', 'scaleOut', 'first', undefined])
    expect(outcomes.map(({ outcome }) => outcome === COLD)).toEqual([true, true, true, false])
    expect(outcomes.every(({ outcome }) => outcome !== WARM)).toBe(true)
  })
})

describe('a fleet that begins long after the origin of its clock', () => {
  it('asks for floors from then on, and holds nothing for the time before', () => {
    const asked: number[] = []
    const started: string[] = []
    const policy: Policy = {
      arrived() {},
      decide() {},
      floor(_app, now, out) {
        asked.push(now)
        Object.assign(out, { instances: 1, untilMs: now + 100 })
      },
    }
    const orders: Orders<Call> = {
      start: (app, _instance, now) => void started.push(`${app}@${now}`),
      stop() {},
      run() {},
    }
    const options = { ...optionsOf(2, INSTANCES_MODEL), sinceMs: 5000 }
    const fleet = new Fleet(options, policy, createLedger(2, 0), orders)
    expect(fleet.nextDue).toBe(5000)
    fleet.advance(5150)
    expect(started).toEqual(['0@5000', '1@5000'])
    expect(asked).toEqual([5000, 5000, 5100, 5100])
  })
})

describe('saved windows', () => {
  it('let another fleet take the decisions that the first would have taken', () => {
    const gap = fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 60, max: 700 }))
    const gaps = fc.array(gap, { minLength: 4, maxLength: 60 })
    const choice = fc.constantFrom(...policies.all.filter(({ needs }) => needs.length === 0))
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 40 }), choice, (list, cut, definition) => {
        const times = list.reduce<number[]>((all, minutes) => [...all, (all.at(-1) ?? 0) + minutes * 60_000], [])
        const trace = traceOf([[0, 0]], 1)
        const run = (from: number, to: number, saved?: string): [decided: string[], saved: string] => {
          const policy = policyFor(definition, trace)
          const decided: string[] = []
          const watched: Policy = {
            arrived: (...facts) => policy.arrived(...facts),
            decide(app, now, out) {
              policy.decide(app, now, out)
              decided.push(`${now}: ${out.prewarmMs} ${out.keepAliveMs}`)
            },
          }
          const world = new InMemory(1, INSTANCES_MODEL, watched, 0)
          if (saved !== undefined) {
            const { learnt, windows, at } = JSON.parse(saved, reviveInfinity) as {
              learnt: unknown
              windows: SavedWindows
              at: number
            }
            if (learnt !== undefined) policy.load?.(0, learnt)
            world.fleet.resume(0, windows, at)
          }
          for (const time of times.slice(from, to)) world.arrive(0, 0, time, 10)
          const at = (times[to - 1] ?? 0) + 30_000
          world.until(at)
          world.fleet.advance(at)
          const state = { learnt: policy.save?.(0), windows: world.fleet.save(0, at), at }
          return [decided, JSON.stringify(state, (_key, value: unknown) => (value === Infinity ? 'forever' : value))]
        }
        const middle = Math.min(cut, times.length - 1)
        const [whole] = run(0, times.length)
        const [first, saved] = run(0, middle)
        const [second] = run(middle, times.length, saved)
        expect([...first, ...second]).toEqual(whole)
      }),
      { numRuns: 200 },
    )
  })

  it('have an app loaded again that was to be kept, and pre-warmed when it was to be', () => {
    const world = inMemory([0, 100], [30, 50])
    world.arrive(0, 0, 0, 10)
    world.until(20)
    const kept = world.fleet.save(0, 20)
    expect(kept).toEqual({ idleAt: 15, loadAt: 20, keepUntil: 115, windowMs: 100 })
    world.arrive(0, 0, 40, 10)
    world.until(60)
    world.fleet.advance(60)
    const unloaded = world.fleet.save(0, 60)
    expect(unloaded).toEqual({ idleAt: 50, loadAt: 80, keepUntil: 130, windowMs: 80 })
    const other = inMemory([0, 100])
    other.fleet.resume(0, unloaded!, 70)
    expect(other.fleet.nextDue).toBe(80)
    other.fleet.advance(90)
    other.until(90)
    expect(other.fleet.nextDue).toBe(130)
  })

  it('make no negative idle time of a clock that was set back', () => {
    const idle: number[] = []
    const policy: Policy = {
      arrived: (_app, _now, idleMs) => void idle.push(idleMs),
      decide: (_app, _now, out) => void Object.assign(out, { prewarmMs: 0, keepAliveMs: 10 }),
    }
    const world = new InMemory(1, INSTANCES_MODEL, policy, 5)
    world.fleet.resume(0, { idleAt: 500, loadAt: Number.POSITIVE_INFINITY, keepUntil: 500, windowMs: 80 }, 200)
    world.arrive(0, 0, 230, 10)
    expect(idle).toEqual([30])
  })

  it('are of no use once their time has passed', () => {
    const other = inMemory([0, 100])
    other.fleet.resume(0, { idleAt: 50, loadAt: 80, keepUntil: 130, windowMs: 80 }, 200)
    expect(other.fleet.nextDue).toBe(Number.POSITIVE_INFINITY)
    other.arrive(0, 0, 210, 10)
    expect(rowOf(other.close(230))).toMatchObject({ coldStarts: 1, expired: 1 })
  })
})

function reviveInfinity(_key: string, value: unknown): unknown {
  return value === 'forever' ? Infinity : value
}
