import { askWindows, hearsRuns, tellAlike, tellRuns } from '../../engine/ask.ts'
import { NEVER } from '../../engine/moments.ts'
import { addResidence, addResidences } from '../../engine/residence.ts'
import type { Policy } from '../../policy/policy.ts'
import type { GapRuns } from '../../trace/arrivals/gap-runs.ts'
import { GapPlace } from './gap-place.ts'
import { PaperApp } from './paper-app.ts'

/** Whether a policy need not be told of each arrival by itself. */
export function hearsSeveral(policy: Policy): boolean {
  return policy.neverLearns === true || policy.arrivedAlike !== undefined || hearsRuns(policy)
}

/**
 * One app in the model `paper` whose arrivals come as gaps: idle periods under the same answer are dealt with together, as
 * many as the policy says that it still holds after. Hot: measured by bench/paper.ts.
 */
export class PaperGaps extends PaperApp {
  private readonly place = new GapPlace()
  private gaps: GapRuns | null = null

  /** All arrivals of the app. */
  arriveAll(gaps: GapRuns): void {
    const { place, world } = this
    this.gaps = gaps
    if (gaps.firstMs < 0) return
    this.arrive(gaps.firstMs, gaps.fn, 0)
    place.open(gaps)
    let beforeBorder = 0
    for (let left = gaps.gaps; left > 0; ) {
      if (beforeBorder === 0) {
        while (this.idleAt + place.gapMs >= this.from) this.cross()
        beforeBorder = this.from === NEVER ? left : place.arrivalsBefore(this.from, this.idleAt, left)
      }
      const heard = world.neverLearns ? beforeBorder : this.tell(beforeBorder)
      left -= heard
      beforeBorder -= heard
      this.endIdles(heard)
      if (!world.neverLearns) askWindows(world.policy, this.app, this.idleAt, this.windows)
    }
  }

  /** Tells of some of the next `most` arrivals, and gives how many: under the present answer all of them come. */
  private tell(most: number): number {
    const { app, idleAt, place, world } = this
    const { policy } = world
    const { gapMs, alike } = place
    if (hearsRuns(policy)) return tellRuns(policy, app, idleAt + gapMs, place, most)
    return tellAlike(policy, app, idleAt + gapMs, gapMs, Math.min(most, alike))
  }

  /** So many idle periods, under the same windows, are each ended by an arrival. In whole ms sums are exact in any order. */
  private endIdles(count: number): void {
    const { accountFromMs, ledger } = this.world
    if (!this.isWhole || !Number.isInteger(ledger.idleMs[this.app]!)) {
      this.endEach(count)
      return
    }
    // Accounts may have begun in the first of them.
    const split = this.idleAt < accountFromMs && this.from > accountFromMs ? 1 : 0
    this.endEach(split)
    if (this.windows.prewarmMs === 0) this.endKept(count - split)
    else this.endUnloaded(count - split)
  }

  private endEach(count: number): void {
    const { place } = this
    for (let left = count; left > 0; left -= 1) {
      const now = this.idleAt + place.gapMs
      this.endIdle(this.idleAt, now)
      this.idleAt = now
      place.pass(1)
    }
  }

  /** What is in the timeline of idle periods from now on: nothing before accounts begin; all else of that is forgotten. */
  private get units(): number {
    const { accountFromMs, units } = this.world
    return this.idleAt >= accountFromMs ? units[this.app]! : 0
  }

  /** The same as {@link endEach} where the app is not unloaded at once. */
  private endKept(count: number): void {
    const { app, place, units } = this
    const { horizonMs, ledger } = this.world
    const { keepAliveMs } = this.windows
    const { timeline } = ledger
    let { idleAt } = this
    let bornAt = this.accounted(this.bornAt)
    let held = 0
    let missed = 0
    for (let left = count; left > 0; ) {
      const { gapMs } = place
      const times = place.pass(left)
      if (gapMs <= keepAliveMs) held += times * gapMs
      else {
        addResidence(timeline, bornAt, idleAt + keepAliveMs, horizonMs, units)
        if (times > 1) addResidences(timeline, idleAt + gapMs, keepAliveMs, units, { times: times - 1, stepMs: gapMs })
        held += times * keepAliveMs
        missed += times
        bornAt = idleAt + times * gapMs
      }
      idleAt += times * gapMs
      left -= times
    }
    this.idleAt = idleAt
    this.bornAt = bornAt
    ledger.idleMs[app]! += held
    ledger.coldStarts[app]! += missed
    ledger.expired[app]! += missed
    ledger.loads[app]! += missed
  }

  /** The same where it is unloaded at once. Most residences lie in one bucket of the timeline: they only add to its area. */
  private endUnloaded(count: number): void {
    const { app, place, units } = this
    const { horizonMs, ledger } = this.world
    const { prewarmMs, keepAliveMs } = this.windows
    const { timeline } = ledger
    const { area, bucketMs } = timeline
    const reach = prewarmMs + keepAliveMs
    let { idleAt } = this
    let bornAt = Math.round(this.accounted(this.bornAt))
    let held = 0
    let early = 0
    let unused = 0
    // The bucket of the moment at hand, and the residences in it, all together.
    let bucket = 0
    let bucketEnd = 0
    let residence = 0
    for (let left = count; left > 0; ) {
      const { gapMs } = place
      const times = place.pass(left)
      if (idleAt >= bucketEnd) {
        area[bucket]! += units * residence
        residence = 0
        bucket = Math.floor(idleAt / bucketMs)
        bucketEnd = (bucket + 1) * bucketMs
      }
      if (bornAt >= bucketEnd - bucketMs) residence += idleAt - bornAt
      else addResidence(timeline, bornAt, idleAt, horizonMs, units)
      const latest = idleAt + (times - 1) * gapMs
      if (gapMs < prewarmMs) {
        early += times
        bornAt = latest + gapMs
      } else if (gapMs <= reach) {
        // Each period unloads what the one before it had loaded.
        const warmMs = gapMs - prewarmMs
        if (latest < bucketEnd) residence += (times - 1) * warmMs
        else addResidences(timeline, idleAt + prewarmMs, warmMs, units, { times: times - 1, stepMs: gapMs })
        held += times * warmMs
        bornAt = latest + prewarmMs
      } else {
        if (latest + reach < bucketEnd) residence += times * keepAliveMs
        else addResidences(timeline, idleAt + prewarmMs, keepAliveMs, units, { times, stepMs: gapMs })
        held += times * keepAliveMs
        unused += times
        bornAt = latest + gapMs
      }
      idleAt = latest + gapMs
      left -= times
    }
    area[bucket]! += units * residence
    this.idleAt = idleAt
    this.bornAt = bornAt
    const prewarms = count - early
    const missed = early + unused
    const reason = prewarmMs === Number.POSITIVE_INFINITY ? ledger.expired : ledger.early
    ledger.idleMs[app]! += held
    ledger.coldStarts[app]! += missed
    reason[app]! += early
    ledger.expired[app]! += unused
    ledger.loads[app]! += prewarms + missed
    ledger.prewarms[app]! += prewarms
    ledger.prewarmsUnused[app]! += unused
  }

  protected override invocationsBefore(at: number): number {
    const gaps = this.gaps!
    return gaps.invocationsBefore(at) - gaps.invocationsBefore(this.world.accountFromMs)
  }
}
