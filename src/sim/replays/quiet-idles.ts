import { hearsRuns, tellRuns } from '../../engine/ask.ts'
import { NEVER } from '../../engine/moments.ts'
import type { HearsRuns, IdleRuns, Policy } from '../../policy/policy.ts'
import type { ArrivalBlock } from '../../trace/arrivals/arrival-block.ts'

/** So many are told at once. */
const ROOM = 256

/** In what limits an idle instance serves arrivals while nothing else happens to its app. */
export interface Quiet {
  /** Before this executions end. */
  readonly until: number
  /** Until then no other idle instance goes. */
  readonly othersUntil: number
  /** How long the instance stays after each. */
  readonly windowMs: number
}

/** The idle times that quiet arrivals end, told to a policy that hears of several at once: each is a run of its own. */
export class QuietIdles implements IdleRuns {
  readonly idleMs = new Float64Array(ROOM)
  readonly times = new Uint32Array(ROOM).fill(1)
  readonly run = 0
  readonly nth = 0
  private readonly hearer: (Policy & HearsRuns) | null

  constructor(policy: Policy) {
    const hearsMore = policy.finished !== undefined || policy.rose !== undefined
    this.hearer = hearsRuns(policy) && !hearsMore ? policy : null
  }

  /**
   * Tells of quiet arrivals from the row `from` on, of which the first is such a one, after the app went idle at `idleAt`, which
   * is below 0 where that is not known. Gives how many were heard, all under the present answer; 0 where none was told.
   */
  tell(app: number, block: ArrivalBlock, from: number, quiet: Quiet, idleAt: number): number {
    const { hearer } = this
    if (hearer === null || idleAt < 0) return 0
    const count = this.gather(block, from, quiet, idleAt)
    return count > 1 ? tellRuns(hearer, app, block.timeMs[from]!, this, count) : 0
  }

  private gather(block: ArrivalBlock, from: number, quiet: Quiet, idleAt: number): number {
    const { timeMs, durationMs } = block
    const { until, othersUntil, windowMs } = quiet
    const { idleMs } = this
    const to = Math.min(block.length - 1, from + ROOM)
    let since = idleAt
    let then = NEVER
    let row = from
    for (; row < to; row += 1) {
      const now = timeMs[row]!
      const end = now + durationMs[row]!
      if (now > then || end > timeMs[row + 1]! || end >= until || end > othersUntil) break
      idleMs[row - from] = now - since
      since = end
      then = end + windowMs
    }
    return row - from
  }
}
