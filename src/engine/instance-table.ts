import type { Host } from './contract.ts'
import { Instance } from './state.ts'

/** All instances by their numbers; a number whose instance is gone is used again. */
export class InstanceTable {
  readonly rows: Instance[] = []
  private readonly free: Instance[] = []

  /** An instance for which the host has room, to be loaded for an app; null where it has none. */
  admitted(host: Pick<Host, 'admit'>, app: number, now: number): Instance | null {
    const instance = this.take()
    if (host.admit(app, instance.row, now)) return instance
    this.give(instance)
    return null
  }

  /** An instance that is nobody's. */
  private take(): Instance {
    const free = this.free.pop()
    if (free !== undefined) return free
    const instance = new Instance(this.rows.length)
    this.rows.push(instance)
    return instance
  }

  /** Takes an instance back that is nobody's any more. */
  give(instance: Instance): void {
    this.free.push(instance)
  }

  /** Forgets all. */
  clear(): void {
    this.rows.length = 0
    this.free.length = 0
  }
}
