import type { Engine } from '../../engine/engine.ts'

/**
 * Apps with fewer instances than their floor, because memory pressure took one or there was no room for it. They get room
 * that becomes free, in the order in which they came to miss it, and evict nobody for it: two floors for which there is
 * no room together would take each other's place for ever.
 */
export class Shortfall {
  /** Whether loads are under way that must not evict. */
  isRefilling = false
  private readonly engine: Pick<Engine, 'apps' | 'refill' | 'fire'>
  private readonly short = new Set<number>()
  private hasNewRoom = false

  constructor(engine: Pick<Engine, 'apps' | 'refill' | 'fire'>) {
    this.engine = engine
  }

  /** An instance of the app was evicted, or found no room. */
  note(app: number): void {
    if (!this.misses(app)) return
    this.short.add(app)
    this.hasNewRoom = true
  }

  /** An instance was unloaded. Cheap: it is told of every one. */
  madeRoom(): void {
    this.hasNewRoom = true
  }

  /** Gives what room there is by now; the first in line is not passed over for smaller ones. */
  refill(now: number): void {
    const { short } = this
    if (short.size === 0) return
    // The first may have got what it misses otherwise, or miss nothing since its floor fell.
    if (!this.hasNewRoom && this.misses(short.values().next().value!)) return
    this.isRefilling = true
    for (const app of short) {
      this.load(app, now)
      if (this.misses(app)) break
      short.delete(app)
    }
    this.isRefilling = false
    this.hasNewRoom = false
  }

  /** Has the app's floor asked for at once, and what it misses loaded. */
  private load(app: number, now: number): void {
    if (!this.misses(app)) return
    this.engine.refill(app, now)
    this.engine.fire(app, now)
  }

  private misses(app: number): boolean {
    const { alive, floor } = this.engine.apps[app]!
    return alive < floor
  }
}
