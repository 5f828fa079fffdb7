import type { AppLifecycle } from './app-lifecycle.ts'
import { NOT_YET } from './moments.ts'

/** What an instance is doing. */
const LOADING = 0
export const IDLE = 1
export const BUSY = 2

/** The account of the time that an instance spends in each of them. */
export const STATE_ACCOUNTS = ['loadingMs', 'idleMs', 'busyMs'] as const

/**
 * One loaded copy of an app, or one that is being loaded; used again for another after it is unloaded. `previous` and
 * `next` chain the idle instances of an app in the order of `keptSince`, or those with room that are busy or loading.
 */
export class Instance {
  /** Hosts and drivers know it by this. */
  readonly number: number
  lifecycle: AppLifecycle | null = null
  state = LOADING
  /** Invocations that are running, or waiting for the load to end. */
  taken = 0
  /** From when on the present state is not yet accounted, and when loading began. Fractions at first, to stay doubles. */
  since = 0.5
  bornAt = 0.5
  /** When the window that it idles under began: as it became idle, or first did where windows do not renew. */
  keptSince = 0.5
  /** When it goes, where every idle instance has an end of its own. */
  until = 0.5
  /** Whether it was pre-warmed and has served nothing yet. */
  isUnused = false
  previous: Instance | null = null
  next: Instance | null = null

  constructor(number: number) {
    this.number = number
  }

  /** It is loaded for an app from now on, for `taken` arrivals that wait for it. */
  begin(lifecycle: AppLifecycle, now: number, taken: number): void {
    this.lifecycle = lifecycle
    this.state = LOADING
    this.taken = taken
    this.since = now
    this.bornAt = now
    this.keptSince = NOT_YET
    this.isUnused = taken === 0
  }

  /** It worked for a moment while it was idle, and its window begins anew. */
  worked(end: number): void {
    this.since = end
    this.keptSince = end
    this.isUnused = false
  }

  /** Its accounts begin now; what it did before is not told. */
  beginAccounts(now: number): void {
    this.since = now
    this.isUnused = false
  }
}

/** All instances by their numbers; a number whose instance is gone is used again. */
export class InstanceTable {
  readonly all: Instance[] = []
  private readonly free: Instance[] = []

  /** An instance that is nobody's. */
  take(): Instance {
    const free = this.free.pop()
    if (free !== undefined) return free
    const instance = new Instance(this.all.length)
    this.all.push(instance)
    return instance
  }

  /** Takes an instance back that is nobody's any more. */
  give(instance: Instance): void {
    instance.lifecycle = null
    this.free.push(instance)
  }

  /** Forgets all. */
  clear(): void {
    this.all.length = 0
    this.free.length = 0
  }
}
