import { Fault, faultOf } from '../fault.ts'
import type { Reply } from '../instance/contract.ts'

/** Results kept at most, their bytes together, and for how long from the end of the call (ms). */
const MOST_RESULTS = 10_000
const MOST_BYTES = 256 * 1024 * 1024
const KEPT_MS = 10 * 60_000

/** How an asynchronous call stands. */
export type AsyncResult = { readonly state: 'running' } | { readonly state: 'done'; readonly outcome: Reply | Fault }

interface Done {
  readonly outcome: Reply | Fault
  readonly since: number
  readonly bytes: number
}

/** Results of calls whose callers did not wait: kept for a while, the oldest thrown away when there are too many. */
export class AsyncCalls {
  /** Bounded by the calls that the adapter takes at a time. */
  private readonly running = new Set<string>()
  /** In the order in which they ended. */
  private readonly results = new Map<string, Done>()
  private readonly now: () => number
  private bytes = 0

  /** `now` is a clock in ms. */
  constructor(now: () => number) {
    this.now = now
  }

  /** Keeps what a call will give, under its id. Resolves when it is there. */
  async keep(id: string, reply: Promise<Reply>): Promise<void> {
    this.running.add(id)
    const outcome = await reply.catch((error: unknown) => faultOf(error, 'backend'))
    this.running.delete(id)
    const bytes = outcome instanceof Fault ? 0 : outcome.body.length
    this.results.set(id, { outcome, since: this.now(), bytes })
    this.bytes += bytes
    this.trim()
  }

  get(id: string): AsyncResult | undefined {
    this.trim()
    if (this.running.has(id)) return { state: 'running' }
    const done = this.results.get(id)
    return done === undefined ? undefined : { state: 'done', outcome: done.outcome }
  }

  /** Throws away what is too old or too much. */
  trim(): void {
    for (const [id, { since, bytes }] of this.results) {
      const isTooMuch = this.results.size > MOST_RESULTS || this.bytes > MOST_BYTES
      if (!isTooMuch && this.now() - since < KEPT_MS) return
      this.bytes -= bytes
      this.results.delete(id)
    }
  }
}
