import type { Engine } from '../../engine/engine.ts'

/**
 * Apps with fewer instances than their floor, because memory pressure took one or there was no room for it. They get room
 * that becomes free, in the order in which they came to miss it, and evict nobody for it: two floors for which there is
 * no room together would take each other's place for ever.
 */
export class Shortfall {
  /** Whether loads are under way that get free room. */
  isRefilling = false
  private readonly engine: Pick<Engine, 'isShort' | 'refill'>
  private readonly short = new Set<number>()
  private hasNewRoom = false

  constructor(engine: Pick<Engine, 'isShort' | 'refill'>) {
    this.engine = engine
  }

  /** An instance of the app was evicted, or found no room. */
  note(app: number): void {
    if (!this.engine.isShort(app)) return
    this.short.add(app)
    this.hasNewRoom = true
  }

  /** An instance of the app is loaded, or its floor is another: it may miss nothing any more. */
  settle(app: number): void {
    if (this.short.has(app) && !this.engine.isShort(app) && this.short.delete(app)) this.hasNewRoom = true
  }

  /** An instance was unloaded. Cheap: it is told of every one. */
  madeRoom(): void {
    this.hasNewRoom = true
  }

  /** Gives what room there is by now; the first in line is not passed over for smaller ones. */
  refill(now: number): void {
    if (!this.hasNewRoom || this.short.size === 0) return
    this.isRefilling = true
    for (const app of this.short) {
      this.engine.refill(app, now)
      if (this.engine.isShort(app)) break
    }
    this.isRefilling = false
    this.hasNewRoom = false
  }
}
