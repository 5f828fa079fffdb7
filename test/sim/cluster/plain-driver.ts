import { TimerQueue } from '../../../src/core/timer-queue.ts'
import { ARRIVE, UNLOAD } from '../../../src/engine/outcomes.ts'
import { AskAgain } from '../../../src/engine/ask-again.ts'
import { createLedger, type Ledger } from '../../../src/engine/ledger.ts'
import type { PolicyDefinition } from '../../../src/policy/policy.ts'
import { ClusterWorld } from '../../../src/sim/cluster/cluster-world.ts'
import type { ClusterModel } from '../../../src/sim/model.ts'
import { arrivalsInTime } from '../../../src/trace/arrivals/arrivals-in-time.ts'
import type { Trace } from '../../../src/trace/trace.ts'

interface Event {
  readonly at: number
  /** At equal times the lower goes first. */
  readonly rank: number
  happen(): void
}

/** What a plain replay gives. */
export interface PlainReplay {
  readonly ledger: Ledger
  /** Whether timers of two apps were ever due at once, so that another order of them would have been as right. */
  readonly isAmbiguous: boolean
}

const LIMIT = UNLOAD + 1

/** Replays a cluster the plain way: looks, before every event, at all that could happen next. */
export function replayPlainly(
  { trace, model, policy: definition, seed }: Parts,
  observe: (world: ClusterWorld) => void,
): PlainReplay {
  const ledger = createLedger(trace.apps.count, trace.horizonMs)
  const policy = definition.create(
    {},
    {
      apps: trace.apps.count,
      functions: trace.functions.count,
      horizonMs: trace.horizonMs,
      memoryMb: trace.apps.memoryMb,
      coldStartMs: trace.apps.coldStartMs,
      trigger: trace.functions.trigger,
      functionApp: trace.functions.app,
      seed,
    },
  )
  const world = new ClusterWorld({ trace, model, policy, askAgain: new AskAgain(), seed, ledger }, new TimerQueue())
  const arrivals = arrivalEvents(trace, model, seed, world)
  const last = model.horizon === 'cut' ? trace.horizonMs : Number.MAX_VALUE
  let isAmbiguous = false
  for (;;) {
    const possible = [...arrivals.slice(0, 1), ...pendingEvents(world, trace.apps.count, last)]
    const event = possible.reduce((best, each) => (isBefore(each, best) ? each : best), NEVER)
    if (event.at > last) break
    isAmbiguous ||= possible.some((each) => each !== event && each.at === event.at && each.rank === event.rank)
    if (event.rank === ARRIVE) arrivals.shift()
    event.happen()
    observe(world)
  }
  world.close()
  return { ledger, isAmbiguous }
}

interface Parts {
  readonly trace: Trace
  readonly model: ClusterModel
  readonly policy: PolicyDefinition
  readonly seed: number
}

const NEVER: Event = { at: Number.POSITIVE_INFINITY, rank: LIMIT, happen() {} }

function isBefore(one: Event, other: Event): boolean {
  return one.at < other.at || (one.at === other.at && one.rank < other.rank)
}

function arrivalEvents(trace: Trace, { spread }: ClusterModel, seed: number, world: ClusterWorld): Event[] {
  const events: Event[] = []
  const arrivals = arrivalsInTime(trace, spread, seed)
  const { block } = arrivals
  for (let rows = arrivals.next(); rows >= 0; rows = arrivals.next())
    for (let row = 0; row < rows; row += 1) {
      const [app, at, fn, count] = [block.app[row]!, block.timeMs[row]!, block.fn[row]!, block.count[row]!]
      const takes = block.durationMs[row]!
      const happen = (): void => world.arrive(app, at, fn, count, takes)
      events.push({ at, rank: ARRIVE, happen })
    }
  return events
}

/** The earliest end of an execution or load, the limit of the line, and each app's timer. */
function pendingEvents(world: ClusterWorld, apps: number, last: number): Event[] {
  const { engine, timers, limitAt } = world
  const events: Event[] = []
  const add = (at: number, rank: number, happen: () => unknown): void => {
    const event = (): void => {
      happen()
      world.serveWaiting(at)
    }
    events.push({ at, rank, happen: event })
  }
  if (timers.size > 0) add(timers.nextTime, timers.nextRank, () => world.happen())
  // Who waits at the end of the accounts is dropped by it.
  if (limitAt < last) add(limitAt, LIMIT, () => world.dropFirst(limitAt))
  for (let app = 0; app < apps; app += 1) {
    const at = engine.dueAt(app)
    if (at < Number.POSITIVE_INFINITY) add(at, engine.dueRank(app), () => world.fire(app, at))
  }
  return events
}
