import { orAborted } from '../instance/or-aborted.ts'

/**
 * Lets so many tasks be under way at a time; the others wait in the order in which they came. A task that takes longer
 * than it may keep others waiting goes on, but counts no longer.
 */
export class StartLimiter {
  private readonly most: number
  private readonly patienceMs: number
  private inside = 0
  private readonly waiting = new Set<() => void>()

  constructor(most: number, patienceMs: number) {
    this.most = most
    this.patienceMs = patienceMs
  }

  /** Rejects with the reason of the signal where that aborts while the task waits: then it is never begun. */
  async pass<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T> {
    if (this.inside >= this.most) await this.turn(signal)
    else this.inside += 1
    let isInside = true
    const leave = (): void => {
      if (isInside) this.letIn()
      isInside = false
    }
    const timer = setTimeout(leave, this.patienceMs)
    try {
      return await task()
    } finally {
      clearTimeout(timer)
      leave()
    }
  }

  private turn(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.waiting.add(resolve)
    return orAborted(promise, signal).catch((error: unknown) => {
      // Where its turn came at the same time, it is the next one's.
      if (!this.waiting.delete(resolve)) this.letIn()
      throw error
    })
  }

  private letIn(): void {
    const [next] = this.waiting
    if (next === undefined) {
      this.inside -= 1
      return
    }
    this.waiting.delete(next)
    next()
  }
}
