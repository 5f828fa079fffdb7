import type { IdlePool } from './idle-pool.ts'

/** Part of the memory that the small queue may have before it is evicted from. */
const SMALL = 0.1
const MOST_USES = 3

/**
 * Two queues in the order of arrival. New instances go to the small one; what was used more than once there moves to the
 * main one, what was not goes, and its app is remembered as a ghost: loaded again it begins in the main one. In the
 * main queue every use, of up to three, buys another round. Those that work or are spared are passed over.
 */
export class S3FifoPool implements IdlePool {
  private readonly memoryMb: Float64Array
  private readonly small = new Set<number>()
  private readonly main = new Set<number>()
  /** Apps that went from the small queue, oldest first: as many as the main one has instances, and at least one. */
  private readonly ghosts = new Set<number>()
  private readonly appOf: number[] = []
  private readonly uses: number[] = []
  private readonly isIdle: boolean[] = []
  private smallMb = 0
  private mainMb = 0
  /** The instance that goes from the small queue when memory is short. */
  private goes = -1

  constructor(memoryMb: Float64Array) {
    this.memoryMb = memoryMb
  }

  add(instance: number, app: number): void {
    this.isIdle[instance] = true
    if (this.small.has(instance) || this.main.has(instance)) {
      this.uses[instance] = Math.min(MOST_USES, this.uses[instance]! + 1)
      return
    }
    this.appOf[instance] = app
    this.uses[instance] = 0
    if (this.ghosts.delete(app)) this.toMain(instance)
    else {
      this.small.add(instance)
      this.smallMb += this.memoryMb[app]!
    }
  }

  remove(instance: number): void {
    this.isIdle[instance] = false
  }

  forget(instance: number): void {
    if (this.leaveSmall(instance)) {
      if (instance === this.goes) this.ghosts.add(this.appOf[instance]!)
      for (const ghost of this.ghosts) {
        if (this.ghosts.size <= Math.max(1, this.main.size)) break
        this.ghosts.delete(ghost)
      }
    } else if (this.main.delete(instance)) this.mainMb -= this.memoryMb[this.appOf[instance]!]!
    this.goes = -1
  }

  victim(spared?: ReadonlySet<number>): number {
    for (;;) {
      const small = this.firstIdle(this.small, spared)
      const main = this.firstIdle(this.main, spared)
      const isSmallFull = this.smallMb >= SMALL * (this.smallMb + this.mainMb)
      if (small !== undefined && (isSmallFull || main === undefined)) {
        if (this.uses[small]! <= 1) {
          this.goes = small
          return small
        }
        this.leaveSmall(small)
        this.uses[small] = 0
        this.toMain(small)
      } else {
        if (this.uses[main!] === 0) return main!
        this.uses[main!]! -= 1
        this.main.delete(main!)
        this.main.add(main!)
      }
    }
  }

  private firstIdle(queue: ReadonlySet<number>, spared?: ReadonlySet<number>): number | undefined {
    for (const instance of queue) if (this.isIdle[instance] === true && spared?.has(instance) !== true) return instance
    return undefined
  }

  private leaveSmall(instance: number): boolean {
    if (!this.small.delete(instance)) return false
    this.smallMb -= this.memoryMb[this.appOf[instance]!]!
    return true
  }

  private toMain(instance: number): void {
    this.main.add(instance)
    this.mainMb += this.memoryMb[this.appOf[instance]!]!
  }
}
