import type { Evicts } from '../../engine/outcomes.ts'

/**
 * The memory that all instances share: how much of it is used, and which idle instances are ended to make room: first the one
 * that has been idle for longest.
 */
export class MemoryBudget {
  private readonly memoryMb: readonly number[]
  private readonly budgetMb: number
  private readonly evict: (instance: number, now: number) => void
  /** Idle instances with their apps, in the order in which they became idle. */
  private readonly idlers = new Map<number, number>()
  private takenMb = 0
  private idleMb = 0

  constructor(memoryMb: readonly number[], budgetMb: number, evict: (instance: number, now: number) => void) {
    this.memoryMb = memoryMb
    this.budgetMb = budgetMb
    this.evict = evict
  }

  /** Takes memory for an instance of the app, if there is enough. For this it may end idle ones, but no more than it must. */
  admit(app: number, now: number, evicts: Evicts): boolean {
    const mb = this.memoryMb[app]!
    const mayGo = (of: number): boolean => evicts === 'anybody' || (evicts === 'other apps' && of !== app)
    const idle = [...this.idlers].filter(([, of]) => mayGo(of))
    const idleMb = evicts === 'anybody' ? this.idleMb : idle.reduce((sum, [, of]) => sum + this.memoryMb[of]!, 0)
    if (this.takenMb - idleMb + mb > this.budgetMb) return false
    for (const [instance] of idle) {
      if (this.takenMb + mb <= this.budgetMb) break
      this.evict(instance, now)
    }
    this.takenMb += mb
    return true
  }

  idle(app: number, instance: number): void {
    this.idlers.set(instance, app)
    this.idleMb += this.memoryMb[app]!
  }

  wake(instance: number): void {
    const app = this.idlers.get(instance)
    if (app !== undefined) this.idleMb -= this.memoryMb[app]!
    this.idlers.delete(instance)
  }

  /** An instance gives its memory back. */
  leave(app: number, instance: number): void {
    this.wake(instance)
    this.takenMb -= this.memoryMb[app]!
  }
}
