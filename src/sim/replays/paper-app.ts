import { askWindows } from '../../engine/ask.ts'
import { forgetAccounts, type Ledger, nextBorder } from '../../engine/ledger.ts'
import { NEVER, NOT_YET } from '../../engine/moments.ts'
import { addResidence, timelineUnits } from '../../engine/residence.ts'
import type { Policy, Windows } from '../../policy/policy.ts'
import { chargedMemory } from '../charged-memory.ts'
import type { ReplayParts } from './replay.ts'

/** Methods that only the engine asks. Of further instances, for which keepIdleMs() is, there are none in this model. */
const HOOKS = ['floor', 'lastKeepAliveMs', 'cool', 'answered'] as const

/** Whether every answer of the policy holds until the app's next arrival, in a world where nothing takes time. */
export function isClosed({ model, policy, mayAskAgain }: ReplayParts): boolean {
  return model.kind === 'paper' && !mayAskAgain && HOOKS.every((hook) => policy[hook] === undefined)
}

/** What all apps of a run in the model `paper` share. */
export class PaperWorld {
  readonly policy: Policy
  readonly ledger: Ledger
  readonly neverLearns: boolean
  readonly hearsFinish: boolean
  readonly hearsRises: boolean
  readonly horizonMs: number
  readonly lastMs: number
  readonly units: Float64Array
  /** When accounts begin; what happened before is in none of them. */
  readonly accountFromMs: number
  readonly isWarm: boolean

  constructor({ trace, model, policy, ledger }: ReplayParts) {
    this.policy = policy
    this.ledger = ledger
    this.neverLearns = policy.neverLearns === true
    this.hearsFinish = policy.finished !== undefined
    this.hearsRises = policy.rose !== undefined
    this.horizonMs = trace.horizonMs
    this.lastMs = model.horizon === 'cut' ? trace.horizonMs : Number.MAX_VALUE
    this.units = chargedMemory(trace, model).map(timelineUnits)
    this.accountFromMs = ledger.accountFromMs
    this.isWarm = model.warmAtStart === 'all'
  }
}

/**
 * One app in the model `paper`: executions take no time and one instance serves everything, so the app is idle after each
 * arrival, and what happens until the next one follows from the policy's answer. Hot: measured by bench/paper.ts.
 */
export class PaperApp {
  /** The policy's answer to the latest arrival. */
  readonly windows: Windows = { prewarmMs: 0.5, keepAliveMs: 0.5 }
  protected readonly world: PaperWorld
  protected app = 0
  /** When the latest arrival was. */
  protected idleAt = NOT_YET
  private invocations = 0
  /** When the present residence began. */
  protected bornAt = NOT_YET
  /** The next border of the accounts: where they begin, or are marked. */
  protected from = NEVER
  /** Whether it is known since when it is idle: of an instance that the app begins with it is not, so nothing is learnt. */
  private isKnown = true

  constructor(world: PaperWorld) {
    this.world = world
  }

  /** It stands for this app from now on, of which nothing has happened yet, but that it may begin with an instance. */
  open(app: number): void {
    this.app = app
    this.idleAt = NOT_YET
    this.invocations = 0
    this.bornAt = NOT_YET
    this.from = nextBorder(this.world.ledger, 0)
    this.isKnown = true
    if (!this.world.isWarm) return
    this.isKnown = false
    this.bornAt = 0
    this.idleAt = 0
    askWindows(this.world.policy, app, 0, this.windows)
  }

  /** An arrival that stands for `count` invocations. */
  arrive(now: number, fn: number, count: number): void {
    const { app, idleAt, windows, world } = this
    const { policy } = world
    while (now >= this.from) this.cross()
    this.invocations += count
    policy.arrived(app, now, idleAt < 0 || !this.isKnown ? -1 : now - idleAt, fn)
    this.isKnown = true
    if (world.hearsRises) policy.rose!(app, now, 1)
    if (idleAt < 0) this.miss(now, world.ledger.first)
    else this.endIdle(idleAt, now)
    this.idleAt = now
    if (world.hearsFinish) policy.finished!(app, now, fn)
    askWindows(policy, app, now, windows)
  }

  /**
   * Arrivals from a row on of a policy that never learns, whose answer is there already: as long as none is later than it
   * kept the instance, idle time goes on. All are whole ms, so their sums are exact in any order.
   */
  arriveUnheard(timeMs: Float64Array, count: Uint32Array, from: number, to: number): void {
    const { app, world } = this
    const { idleMs } = world.ledger
    const { prewarmMs, keepAliveMs } = this.windows
    const reach = prewarmMs === 0 ? keepAliveMs : 0
    let { idleAt, invocations } = this
    let since = idleAt
    for (let row = from; row < to; row += 1) {
      const now = timeMs[row]!
      invocations += count[row]!
      if (!(now - idleAt <= reach)) {
        idleMs[app]! += idleAt - since
        this.endIdle(idleAt, now)
        since = now
      }
      idleAt = now
    }
    idleMs[app]! += idleAt - since
    this.idleAt = idleAt
    this.invocations = invocations
  }

  /** Whether arrivals may go unheard: the first one was heard, no border is left, and the windows are whole ms. */
  get mayGoUnheard(): boolean {
    if (!this.world.neverLearns || this.idleAt < 0 || this.from < NEVER) return false
    return this.isWhole
  }

  /** Whether the windows are whole ms. */
  protected get isWhole(): boolean {
    return isWhole(this.windows.prewarmMs) && isWhole(this.windows.keepAliveMs)
  }

  /** No arrival follows. */
  close(): void {
    while (this.from < NEVER) this.cross()
    this.world.ledger.invocations[this.app] = this.invocationsBefore(NEVER)
    if (this.idleAt >= 0) this.endTrace(this.idleAt)
  }

  /** Accounts of the app begin or are marked, in the idle period that its next arrival ends, or that is its last. */
  protected cross(): void {
    const { app, from } = this
    const { accountFromMs, ledger } = this.world
    if (from === accountFromMs) {
      forgetAccounts(ledger, app, app + 1)
      this.invocations = 0
    } else {
      const mark = ledger.marks.find(({ atMs }) => atMs === from)!
      mark.invocations[app] = this.invocationsBefore(from)
      mark.coldStarts[app] = ledger.coldStarts[app]!
      mark.idleMs[app] = ledger.idleMs[app]! + this.idleUntil(from)
    }
    this.from = nextBorder(ledger, from)
  }

  /** Invocations since accounts began, up to a time that is not before that: here up to now. */
  protected invocationsBefore(_at: number): number {
    return this.invocations
  }

  /** How long the app was held in the present idle period, up to a moment in it; since accounts began, if they did in it. */
  private idleUntil(at: number): number {
    const { idleAt, windows } = this
    if (idleAt < 0) return 0
    const { prewarmMs, keepAliveMs } = windows
    const loadAt = idleAt + prewarmMs
    const unloadAt = loadAt === idleAt ? idleAt + (prewarmMs + keepAliveMs) : loadAt + keepAliveMs
    return Math.max(0, Math.min(at, unloadAt) - this.accounted(loadAt))
  }

  /** The idle period that began at `idleAt` ends by an arrival at `now`. */
  protected endIdle(idleAt: number, now: number): void {
    const { app } = this
    const { ledger, accountFromMs } = this.world
    const { prewarmMs, keepAliveMs } = this.windows
    const loadAt = idleAt + prewarmMs
    if (loadAt === idleAt || now === idleAt) {
      // Loaded all the time, or at the very instant of an unload, which comes after an arrival.
      const unloadAt = loadAt === idleAt ? idleAt + (prewarmMs + keepAliveMs) : idleAt
      if (now <= unloadAt) {
        ledger.idleMs[app]! += now - this.accounted(idleAt)
        return
      }
      this.unload(idleAt, unloadAt)
    } else {
      this.unload(idleAt, idleAt)
      if (now < loadAt) {
        this.miss(now, loadAt === Number.POSITIVE_INFINITY ? ledger.expired : ledger.early)
        return
      }
      this.prewarm(loadAt)
      const unloadAt = loadAt + keepAliveMs
      if (now <= unloadAt) {
        ledger.idleMs[app]! += now - this.accounted(loadAt)
        return
      }
      if (loadAt >= accountFromMs) ledger.prewarmsUnused[app]! += 1
      this.unload(loadAt, unloadAt)
    }
    this.miss(now, ledger.expired)
  }

  /** The idle period that began at `idleAt` is the app's last. */
  private endTrace(idleAt: number): void {
    const { app } = this
    const { ledger, horizonMs, lastMs, accountFromMs } = this.world
    const { prewarmMs, keepAliveMs } = this.windows
    const loadAt = idleAt + prewarmMs
    if (loadAt === idleAt) {
      this.unload(idleAt, lastOf(idleAt, idleAt + (prewarmMs + keepAliveMs), lastMs, horizonMs))
      return
    }
    this.unload(idleAt, idleAt)
    if (loadAt > lastMs) return
    this.prewarm(loadAt)
    if (loadAt >= accountFromMs) ledger.prewarmsUnused[app]! += 1
    this.unload(loadAt, lastOf(loadAt, loadAt + keepAliveMs, lastMs, horizonMs))
  }

  private miss(now: number, reason: Float64Array): void {
    const { app } = this
    const { ledger } = this.world
    ledger.coldStarts[app]! += 1
    reason[app]! += 1
    ledger.loads[app]! += 1
    this.bornAt = now
  }

  private prewarm(now: number): void {
    const { ledger, accountFromMs } = this.world
    this.bornAt = now
    if (now < accountFromMs) return
    ledger.loads[this.app]! += 1
    ledger.prewarms[this.app]! += 1
  }

  /** A moment, or the beginning of accounts where that is later. */
  protected accounted(at: number): number {
    const { accountFromMs } = this.world
    return at < accountFromMs ? accountFromMs : at
  }

  private unload(idleSince: number, now: number): void {
    const { ledger, accountFromMs, horizonMs, units } = this.world
    if (now < accountFromMs) return
    ledger.idleMs[this.app]! += now - this.accounted(idleSince)
    addResidence(ledger.timeline, this.accounted(this.bornAt), now, horizonMs, units[this.app]!)
  }
}

/** When an instance idle since `since` leaves the accounts: at its unload if that still happens, else at the end. */
function lastOf(since: number, unloadAt: number, lastMs: number, horizonMs: number): number {
  return unloadAt <= lastMs ? unloadAt : Math.max(horizonMs, since)
}

function isWhole(ms: number): boolean {
  return Number.isInteger(ms) || ms === Number.POSITIVE_INFINITY
}
