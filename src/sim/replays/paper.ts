import { askWindows } from '../../engine/ask.ts'
import type { Ledger } from '../../engine/ledger.ts'
import { addResidence, timelineUnits } from '../../engine/timeline.ts'
import type { Windows } from '../../policy/policy.ts'
import { arrivalsByApp } from '../../trace/arrivals/arrivals.ts'
import type { Trace } from '../../trace/trace.ts'
import type { Stretch } from './by-app.ts'
import { chargedMemory } from '../charged-memory.ts'
import type { Model } from '../model.ts'
import type { WorldParts } from '../world.ts'

/**
 * The model `paper` app by app, in closed form between two arrivals: executions take no time and one instance serves
 * everything, so an app is idle after each arrival and nothing need be scheduled. The engine gives the same accounts
 * more slowly; a property test holds the two equal. Hot: measured by bench/paper.ts.
 */
export function replayPaper({ trace, model, policy, seed, ledger }: WorldParts, apps: Stretch): void {
  const arrivals = arrivalsByApp(trace, model.spread, seed)
  const idle = new IdlePeriod(trace, model, ledger)
  const { block } = arrivals
  const { windows } = idle
  const hearsFinish = policy.finished !== undefined
  for (let app = apps.from; app < apps.to; app += 1) {
    arrivals.open(app)
    let idleAt = -1
    let invocations = 0
    for (let rows = arrivals.next(); rows > 0; rows = arrivals.next()) {
      for (let row = 0; row < rows; row += 1) {
        const now = block.timeMs[row]!
        const fn = block.fn[row]!
        invocations += block.count[row]!
        policy.arrived(app, now, idleAt < 0 ? -1 : now - idleAt, fn)
        if (idleAt < 0) idle.loadFirst(app, now)
        else idle.end(app, idleAt, now)
        idleAt = now
        if (hearsFinish) policy.finished!(app, now, fn)
        askWindows(policy, app, now, windows)
      }
    }
    ledger.invocations[app] = invocations
    if (idleAt >= 0) idle.endTrace(app, idleAt)
    apps.onApp(app)
  }
}

/** What happens to one app's only instance between two arrivals. */
class IdlePeriod {
  /** The policy's answer at the beginning of the period. */
  readonly windows: Windows = { prewarmMs: 0, keepAliveMs: 0 }
  private readonly ledger: Ledger
  private readonly horizonMs: number
  private readonly lastMs: number
  private readonly units: Float64Array
  /** When the present residence began. */
  private bornAt = 0

  constructor(trace: Trace, model: Model, ledger: Ledger) {
    this.ledger = ledger
    this.horizonMs = trace.horizonMs
    this.lastMs = model.horizon === 'cut' ? trace.horizonMs : Number.MAX_VALUE
    this.units = chargedMemory(trace, model).map(timelineUnits)
  }

  loadFirst(app: number, now: number): void {
    const { ledger } = this
    ledger.coldStarts[app]! += 1
    ledger.first[app]! += 1
    ledger.loads[app]! += 1
    this.bornAt = now
  }

  /** The period that began at `idleAt` ends by an arrival at `now`. */
  end(app: number, idleAt: number, now: number): void {
    const { ledger } = this
    const { prewarmMs, keepAliveMs } = this.windows
    const loadAt = idleAt + prewarmMs
    if (loadAt === idleAt || now === idleAt) {
      // Loaded all the time, or at the very instant of an unload, which comes after an arrival.
      const unloadAt = loadAt === idleAt ? idleAt + (prewarmMs + keepAliveMs) : idleAt
      if (now <= unloadAt) {
        ledger.idleMs[app]! += now - idleAt
        return
      }
      this.unload(app, idleAt, unloadAt)
    } else {
      this.unload(app, idleAt, idleAt)
      if (now < loadAt) {
        this.miss(app, now, loadAt === Number.POSITIVE_INFINITY ? ledger.expired : ledger.early)
        return
      }
      this.prewarm(app, loadAt)
      const unloadAt = loadAt + keepAliveMs
      if (now <= unloadAt) {
        ledger.idleMs[app]! += now - loadAt
        return
      }
      ledger.prewarmsUnused[app]! += 1
      this.unload(app, loadAt, unloadAt)
    }
    this.miss(app, now, ledger.expired)
  }

  /** The period that began at `idleAt` is the app's last. */
  endTrace(app: number, idleAt: number): void {
    const { ledger, horizonMs, lastMs } = this
    const { prewarmMs, keepAliveMs } = this.windows
    const loadAt = idleAt + prewarmMs
    if (loadAt === idleAt) {
      this.unload(app, idleAt, lastOf(idleAt, idleAt + (prewarmMs + keepAliveMs), lastMs, horizonMs))
      return
    }
    this.unload(app, idleAt, idleAt)
    if (loadAt > lastMs) return
    this.prewarm(app, loadAt)
    ledger.prewarmsUnused[app]! += 1
    this.unload(app, loadAt, lastOf(loadAt, loadAt + keepAliveMs, lastMs, horizonMs))
  }

  private miss(app: number, now: number, reason: Float64Array): void {
    const { ledger } = this
    ledger.coldStarts[app]! += 1
    reason[app]! += 1
    ledger.loads[app]! += 1
    this.bornAt = now
  }

  private prewarm(app: number, now: number): void {
    this.ledger.loads[app]! += 1
    this.ledger.prewarms[app]! += 1
    this.bornAt = now
  }

  private unload(app: number, idleSince: number, now: number): void {
    this.ledger.idleMs[app]! += now - idleSince
    addResidence(this.ledger.timeline, this.bornAt, now, this.horizonMs, this.units[app]!)
  }
}

/** When an instance idle since `since` leaves the accounts: at its unload if that still happens, else at the end. */
function lastOf(since: number, unloadAt: number, lastMs: number, horizonMs: number): number {
  return unloadAt <= lastMs ? unloadAt : Math.max(horizonMs, since)
}
