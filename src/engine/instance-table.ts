import { Instance } from './app-lifecycle.ts'

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
