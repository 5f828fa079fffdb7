import { performance } from 'node:perf_hooks'
import type { Run } from './execution.ts'

/** The longest wait of a timer, in ms. */
const LONGEST_MS = 2 ** 31 - 1

/** Gives up executions that take too long. All share one timer, which most calls do not touch. */
export class TimeLimits {
  private readonly runs: ReadonlySet<Run>
  private timer: NodeJS.Timeout | undefined
  private dueMs = Number.POSITIVE_INFINITY

  /** `runs` are those that go on, at any time. */
  constructor(runs: ReadonlySet<Run>) {
    this.runs = runs
  }

  /** Limits an execution to so many ms from now. */
  limit(run: Run, ms: number, late: Run['late']): void {
    run.untilMs = performance.now() + ms
    run.late = late
    if (run.untilMs < this.dueMs) this.wait(run.untilMs)
  }

  clear(): void {
    clearTimeout(this.timer)
    this.dueMs = Number.POSITIVE_INFINITY
  }

  private wait(dueMs: number): void {
    clearTimeout(this.timer)
    this.dueMs = dueMs
    const ms = Math.min(LONGEST_MS, Math.max(1, Math.ceil(dueMs - performance.now())))
    this.timer = setTimeout(() => this.look(), ms).unref()
  }

  private look(): void {
    const now = performance.now()
    let next = Number.POSITIVE_INFINITY
    this.dueMs = next
    for (const run of this.runs) {
      if (run.untilMs <= now) run.giveUp(run.late())
      else next = Math.min(next, run.untilMs)
    }
    if (next < this.dueMs) this.wait(next)
  }
}
