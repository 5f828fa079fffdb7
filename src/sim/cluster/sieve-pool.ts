import type { IdlePool } from './idle-pool.ts'

const NONE = -1

/**
 * Instances in the order in which they were loaded, and a hand that goes from the oldest to the newest: it leaves out each
 * that was used since it last passed, once, and stops at the first that was not. Those that work or are spared are passed over.
 */
export class SievePool implements IdlePool {
  /** The next newer and next older instance of each; NONE at the ends. */
  private readonly newer: number[] = []
  private readonly older: number[] = []
  private readonly isHere: boolean[] = []
  private readonly isIdle: boolean[] = []
  private readonly wasUsed: boolean[] = []
  private newest = NONE
  private oldest = NONE
  private hand = NONE

  add(instance: number): void {
    this.isIdle[instance] = true
    if (this.isHere[instance] === true) {
      this.wasUsed[instance] = true
      return
    }
    this.isHere[instance] = true
    this.wasUsed[instance] = false
    this.older[instance] = this.newest
    this.newer[instance] = NONE
    if (this.newest === NONE) this.oldest = instance
    else this.newer[this.newest] = instance
    this.newest = instance
  }

  remove(instance: number): void {
    this.isIdle[instance] = false
  }

  forget(instance: number): void {
    if (this.isHere[instance] !== true) return
    this.isHere[instance] = false
    const newer = this.newer[instance]!
    const older = this.older[instance]!
    if (this.hand === instance) this.hand = newer
    if (newer === NONE) this.newest = older
    else this.older[newer] = older
    if (older === NONE) this.oldest = newer
    else this.newer[older] = newer
  }

  victim(spared?: ReadonlySet<number>): number {
    for (let at = this.hand === NONE ? this.oldest : this.hand; ; at = this.next(at)) {
      if (this.isIdle[at] !== true || spared?.has(at) === true) continue
      if (this.wasUsed[at] !== true) {
        this.hand = at
        return at
      }
      this.wasUsed[at] = false
    }
  }

  private next(at: number): number {
    const newer = this.newer[at]!
    return newer === NONE ? this.oldest : newer
  }
}
