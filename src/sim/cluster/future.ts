import { GrowingColumn } from '../../core/column.ts'
import { UserError } from '../../core/user-error.ts'
import { arrivalsInTime } from '../../trace/arrivals/arrivals-in-time.ts'
import type { Trace } from '../../trace/trace.ts'
import type { ClusterModel } from '../model.ts'
import { Concurrency } from './concurrency.ts'
import { evictionOf } from './rules.ts'

/** The future for a world whose eviction order needs it. */
export function futureFor(
  trace: Trace,
  model: Pick<ClusterModel, 'eviction' | 'spread' | 'concurrency'>,
  seed: number,
): Future | null {
  return evictionOf(model).needsFuture === true ? new Future(trace, model, seed) : null
}

/** No arrival: there is none before, or none to come. */
const NONE = 2 ** 32 - 1

/**
 * What only a bound may know: when each app will need so many instances at once. An arrival is named by its number in time
 * order, for of two at one time one is still later; it has a level, the instances that its app needs as it comes
 * ({@link Concurrency}). Keeps twelve bytes per arrival, of which there may be fewer than 2^32 - 1: throws a UserError for more.
 */
export class Future {
  /** Each app's next arrival after the one that {@link advance} was told of last. */
  private readonly upcoming: Uint32Array
  /** Per arrival: the next one of its app, the next one of a higher level, and its own level. */
  private readonly next = new GrowingColumn('uint32')
  private readonly higher = new GrowingColumn('uint32')
  private readonly level = new GrowingColumn('uint32')
  private arrival = 0

  constructor(trace: Trace, { concurrency, spread }: Pick<ClusterModel, 'spread' | 'concurrency'>, seed: number) {
    demandFew(trace, spread)
    this.upcoming = new Uint32Array(trace.apps.count).fill(NONE)
    const latest = new Uint32Array(trace.apps.count).fill(NONE)
    const running = new Concurrency(trace.apps.count, concurrency)
    const arrivals = arrivalsInTime(trace, spread, seed)
    const { block } = arrivals
    let arrival = 0
    for (let rows = arrivals.next(); rows >= 0; rows = arrivals.next()) {
      for (let row = 0; row < rows; row += 1, arrival += 1) {
        const app = block.app[row]!
        this.level.set(arrival, running.arrive(app, block.timeMs[row]!, block.durationMs[row]!))
        this.link(arrival, latest[app]!)
        latest[app] = arrival
      }
    }
    for (const arrival of latest) this.endChain(arrival)
  }

  /** The next arrival in time order comes, of this app. */
  advance(app: number): void {
    this.upcoming[app] = this.next.at(this.arrival)
    this.arrival += 1
  }

  /** The app's next arrival that needs at least so many instances at once, Infinity where none comes. */
  nextUse(app: number, instances: number): number {
    let arrival = this.upcoming[app]!
    while (arrival !== NONE && this.level.at(arrival) < instances) arrival = this.higher.at(arrival)
    return arrival === NONE ? Number.POSITIVE_INFINITY : arrival
  }

  /**
   * Links an arrival to those of its app before it. Those that none of a higher level has followed so far are a stack
   * whose levels fall towards its top, the latest arrival; their `higher` leads down it until they get the real one.
   */
  private link(arrival: number, latest: number): void {
    const { higher, level } = this
    if (latest !== NONE) this.next.set(latest, arrival)
    this.next.set(arrival, NONE)
    let top = latest
    while (top !== NONE && level.at(top) < level.at(arrival)) {
      const below = higher.at(top)
      higher.set(top, arrival)
      top = below
    }
    higher.set(arrival, top)
  }

  /** No arrival comes any more: none of a higher level follows those of the stack that has this one on top. */
  private endChain(top: number): void {
    const { higher } = this
    for (let arrival = top; arrival !== NONE; ) {
      const below = higher.at(arrival)
      higher.set(arrival, NONE)
      arrival = below
    }
  }
}

function demandFew({ arrivals, invocations }: Trace, spread: ClusterModel['spread']): void {
  const most = arrivals.kind === 'counts' && spread === 'minute' ? arrivals.firstCell.at(-1)! : invocations
  if (most < NONE) return
  throw new UserError({
    where: 'model.eviction',
    problem: `expected fewer than ${NONE} arrivals for an order that needs the future, found ${most}`,
    hint: 'Take a sample of the trace, or another order.',
  })
}
