import { Fault, faultOf } from './fault.ts'
import type { Reply } from './contract.ts'

/** Results kept at most, their bytes together, and for how long (ms). */
const MOST_RESULTS = 10_000
const MOST_BYTES = 256 * 1024 * 1024
const KEPT_MS = 10 * 60_000

/** How an asynchronous call stands. */
export type AsyncResult = { readonly state: 'running' } | { readonly state: 'done'; readonly outcome: Reply | Fault }

interface Entry {
  result: AsyncResult
  readonly since: number
  bytes: number
}

/** Results of calls whose callers did not wait: kept for a while, the oldest thrown away when there are too many. */
export class AsyncCalls {
  private readonly results = new Map<string, Entry>()
  private bytes = 0

  /** Keeps what a call will give, under its id. */
  keep(id: string, reply: Promise<Reply>): void {
    const entry: Entry = { result: { state: 'running' }, since: Date.now(), bytes: 0 }
    this.results.set(id, entry)
    void this.settle(id, entry, reply)
    this.trim()
  }

  get(id: string): AsyncResult | undefined {
    this.trim()
    return this.results.get(id)?.result
  }

  private async settle(id: string, entry: Entry, reply: Promise<Reply>): Promise<void> {
    const outcome = await reply.catch((error: unknown) => faultOf(error, 'backend'))
    entry.result = { state: 'done', outcome }
    entry.bytes = outcome instanceof Fault ? 0 : outcome.body.length
    if (this.results.has(id)) this.bytes += entry.bytes
  }

  private trim(): void {
    for (const [id, { since, bytes }] of this.results) {
      const isTooMuch = this.results.size > MOST_RESULTS || this.bytes > MOST_BYTES
      if (!isTooMuch && Date.now() - since < KEPT_MS) return
      this.bytes -= bytes
      this.results.delete(id)
    }
  }
}
