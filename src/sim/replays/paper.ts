import { askWindows } from '../../engine/ask.ts'
import { forgetAccounts, type Ledger } from '../../engine/ledger.ts'
import { NEVER } from '../../engine/moments.ts'
import { addResidence, timelineUnits } from '../../engine/timeline.ts'
import type { Policy, Windows } from '../../policy/policy.ts'
import { type AppArrivals, arrivalsByApp } from '../../trace/arrivals/arrivals.ts'
import type { Trace } from '../../trace/trace.ts'
import { chargedMemory } from '../charged-memory.ts'
import type { Model } from '../model.ts'
import { tellOfApps } from './progress.ts'
import { goesByApp, type Replay } from './replay.ts'

/** Methods that only the engine asks. Of further instances, for which keepIdleMs() is, there are none in this model. */
const HOOKS = ['floor', 'lastKeepAliveMs'] as const

/**
 * The model `paper` app by app, in closed form between two arrivals: executions take no time and one instance serves
 * everything, so an app is idle after each arrival and nothing need be scheduled. Hot: measured by bench/paper.ts.
 */
export const paper: Replay = {
  id: 'paper',
  summary: 'The model paper in closed form between two arrivals.',
  suits: (parts) =>
    parts.model.kind === 'paper' &&
    goesByApp(parts) &&
    !parts.mayAskAgain &&
    HOOKS.every((hook) => parts.policy[hook] === undefined),
  run({ trace, model, policy, seed, ledger }, stretch, onProgress) {
    const arrivals = arrivalsByApp(trace, model.spread, seed)
    const idle = new IdlePeriod(trace, model, ledger)
    const isWarm = model.warmAtStart === 'all'
    const tell = tellOfApps(stretch, onProgress)
    for (let app = stretch.from; app < stretch.to; app += 1) {
      arrivals.open(app)
      replayApp(app, arrivals, policy, idle, ledger, isWarm)
      tell(app)
    }
  },
}

/** The hot loop. */
function replayApp(
  app: number,
  arrivals: AppArrivals,
  policy: Policy,
  idle: IdlePeriod,
  ledger: Ledger,
  isWarm: boolean,
): void {
  const { block } = arrivals
  const { windows } = idle
  const hearsFinish = policy.finished !== undefined
  const hearsRises = policy.rose !== undefined
  let from = ledger.accountFromMs > 0 ? ledger.accountFromMs : NEVER
  let idleAt = -1
  let invocations = 0
  // Nobody knows since when the instance is idle that the app begins with, so no idle time is learnt from it.
  let isKnown = !isWarm
  if (isWarm) {
    idle.beginWarm()
    askWindows(policy, app, 0, windows)
    idleAt = 0
  }
  for (let rows = arrivals.next(); rows > 0; rows = arrivals.next()) {
    for (let row = 0; row < rows; row += 1) {
      const now = block.timeMs[row]!
      const fn = block.fn[row]!
      if (now >= from) {
        idle.beginAccounts(app)
        invocations = 0
        from = NEVER
      }
      invocations += block.count[row]!
      policy.arrived(app, now, idleAt < 0 || !isKnown ? -1 : now - idleAt, fn)
      isKnown = true
      if (hearsRises) policy.rose!(app, now, 1)
      if (idleAt < 0) idle.loadFirst(app, now)
      else idle.end(app, idleAt, now)
      idleAt = now
      if (hearsFinish) policy.finished!(app, now, fn)
      askWindows(policy, app, now, windows)
    }
  }
  if (from < NEVER) {
    idle.beginAccounts(app)
    invocations = 0
  }
  ledger.invocations[app] = invocations
  if (idleAt >= 0) idle.endTrace(app, idleAt)
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
  /** What happened before is not accounted. */
  private readonly from: number

  constructor(trace: Trace, model: Model, ledger: Ledger) {
    this.ledger = ledger
    this.from = ledger.accountFromMs
    this.horizonMs = trace.horizonMs
    this.lastMs = model.horizon === 'cut' ? trace.horizonMs : Number.MAX_VALUE
    this.units = chargedMemory(trace, model).map(timelineUnits)
  }

  /** Accounts of the app begin, in the period that its next arrival ends, or that is its last. */
  beginAccounts(app: number): void {
    forgetAccounts(this.ledger, app, app + 1)
  }

  /** The app begins with an instance. */
  beginWarm(): void {
    this.bornAt = 0
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
        ledger.idleMs[app]! += now - this.accounted(idleAt)
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
        ledger.idleMs[app]! += now - this.accounted(loadAt)
        return
      }
      if (loadAt >= this.from) ledger.prewarmsUnused[app]! += 1
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
    if (loadAt >= this.from) ledger.prewarmsUnused[app]! += 1
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
    this.bornAt = now
    if (now < this.from) return
    this.ledger.loads[app]! += 1
    this.ledger.prewarms[app]! += 1
  }

  /** A moment, or the beginning of accounts where that is later. */
  private accounted(at: number): number {
    return at < this.from ? this.from : at
  }

  private unload(app: number, idleSince: number, now: number): void {
    if (now < this.from) return
    this.ledger.idleMs[app]! += now - this.accounted(idleSince)
    addResidence(this.ledger.timeline, this.accounted(this.bornAt), now, this.horizonMs, this.units[app]!)
  }
}

/** When an instance idle since `since` leaves the accounts: at its unload if that still happens, else at the end. */
function lastOf(since: number, unloadAt: number, lastMs: number, horizonMs: number): number {
  return unloadAt <= lastMs ? unloadAt : Math.max(horizonMs, since)
}
