import { arrivalsInTime } from '../../trace/arrivals-in-time.ts'
import type { Trace } from '../../trace/trace.ts'
import { evictions } from '../evictions/index.ts'
import type { Model } from '../model.ts'

/** The future for a world whose eviction order needs it. */
export function futureFor(trace: Trace, model: Pick<Model, 'eviction' | 'spread'>, seed: number): Future | null {
  return evictions.get(model.eviction, 'model.eviction').needsFuture === true ? new Future(trace, model, seed) : null
}

/** Arrivals that are kept in one piece. */
const PIECE = 2 ** 20

/**
 * What only a bound may know: when each app is invoked next, as the number of that arrival in time order, for of two
 * arrivals at one time one is still later. Keeps eight bytes an arrival.
 */
export class Future {
  /** Each app's next arrival after the one that {@link advance} was told of last; Infinity: there is none. */
  readonly nextUse: Float64Array
  /** Per arrival in time order, the next one of its app. */
  private readonly pieces: Float64Array[] = []
  private arrival = 0

  constructor(trace: Trace, { spread }: Pick<Model, 'spread'>, seed: number) {
    this.nextUse = new Float64Array(trace.apps.count).fill(Number.POSITIVE_INFINITY)
    const latest = new Float64Array(trace.apps.count).fill(-1)
    const arrivals = arrivalsInTime(trace, spread, seed)
    const { block } = arrivals
    let arrival = 0
    for (let rows = arrivals.next(); rows >= 0; rows = arrivals.next()) {
      for (let row = 0; row < rows; row += 1, arrival += 1) {
        if (arrival % PIECE === 0) this.pieces.push(new Float64Array(PIECE).fill(Number.POSITIVE_INFINITY))
        const app = block.app[row]!
        const before = latest[app]!
        if (before >= 0) this.pieces[Math.floor(before / PIECE)]![before % PIECE] = arrival
        latest[app] = arrival
      }
    }
  }

  /** The next arrival in time order comes, of this app. */
  advance(app: number): void {
    const { arrival } = this
    this.nextUse[app] = this.pieces[Math.floor(arrival / PIECE)]![arrival % PIECE]!
    this.arrival = arrival + 1
  }
}
