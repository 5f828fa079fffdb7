import { orAborted } from '../instance/or-aborted.ts'

/** How many tasks may be under way at a time. */
export interface StartLimits {
  /** Those that began less than `patienceMs` ago. */
  readonly most: number
  /** All of them: an engine that has become slow is not given more and more. */
  readonly mostWithSlow: number
  /** A task that takes longer, in ms, keeps no other waiting as long as there are fewer than `mostWithSlow`. */
  readonly patienceMs: number
}

/** Lets so many tasks be under way at a time; the others wait in the order in which they came. */
export class StartLimiter {
  private readonly limits: StartLimits
  /** Tasks under way: those that others may have to wait for, and all. */
  private prompt = 0
  private all = 0
  private readonly waiting = new Set<() => void>()

  constructor(limits: StartLimits) {
    this.limits = limits
  }

  /** Rejects with the reason of the signal where that aborts while the task waits: then it is never begun. */
  async pass<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T> {
    if (this.hasRoom) this.enter()
    else await this.turn(signal)
    let isPrompt = true
    const leavePrompt = (): void => {
      if (isPrompt) this.prompt -= 1
      isPrompt = false
      this.letIn()
    }
    const timer = setTimeout(leavePrompt, this.limits.patienceMs)
    try {
      return await task()
    } finally {
      clearTimeout(timer)
      this.all -= 1
      leavePrompt()
    }
  }

  private get hasRoom(): boolean {
    return this.prompt < this.limits.most && this.all < this.limits.mostWithSlow
  }

  private enter(): void {
    this.prompt += 1
    this.all += 1
  }

  private turn(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.waiting.add(resolve)
    return orAborted(promise, signal).catch((error: unknown) => {
      // Where its turn came at the same time, the next one gets the turn.
      if (!this.waiting.delete(resolve)) {
        this.prompt -= 1
        this.all -= 1
        this.letIn()
      }
      throw error
    })
  }

  private letIn(): void {
    for (const next of this.waiting) {
      if (!this.hasRoom) return
      this.waiting.delete(next)
      this.enter()
      next()
    }
  }
}
