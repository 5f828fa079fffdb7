import { TimerWheel } from '../../core/timer-wheel.ts'

/** How many executions of each app run in a world where nothing waits or takes time to load. */
export class Concurrency {
  private readonly ends = new TimerWheel()
  private readonly running: Uint32Array
  private readonly perInstance: number

  /** `perInstance`: executions that an instance has room for. */
  constructor(apps: number, perInstance: number) {
    this.running = new Uint32Array(apps)
    this.perInstance = perInstance
  }

  /**
   * An arrival of the app at `now` runs for `durationMs`; arrivals come in time order. Gives the fewest instances that
   * have room for it and the app's other executions; one that ends at `now` is over.
   */
  arrive(app: number, now: number, durationMs: number): number {
    const { ends, running } = this
    for (; ends.nextTime <= now; ends.pop()) running[ends.nextSubject]! -= 1
    running[app]! += 1
    ends.push(now + durationMs, 0, app, 0)
    return Math.max(1, Math.ceil(running[app]! / this.perInstance))
  }
}
