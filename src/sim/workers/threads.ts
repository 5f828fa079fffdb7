import { Piscina } from 'piscina'
import { UserError } from '../../core/user-error.ts'
import { traceParts } from '../../trace/trace-parts.ts'
import type { Trace } from '../../trace/trace.ts'
import type { AskTask, PassTask } from './worker.ts'

/**
 * Worker threads over a trace. One that ends is replaced, but not one that ends as it starts: once all have, what waits for a
 * thread is told so, and nothing more is begun.
 */
export class Threads {
  private readonly pool: Piscina
  private readonly unfinished = new Set<(reason: UserError) => void>()
  /** Why the latest thread ended that had no work. */
  private failure: UserError | undefined

  /** So many are started, and at most `most` where there is work for them. */
  constructor(trace: Trace, count: number, most: number) {
    // This file runs from source in tests and as built JavaScript elsewhere; its worker is its neighbour in both.
    const filename = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url).href
    const threads = { minThreads: count, maxThreads: most, idleTimeout: Number.POSITIVE_INFINITY }
    this.pool = new Piscina({ filename, ...threads, workerData: traceParts(trace) })
    this.pool.on('error', (error: unknown) => {
      this.failure = endedWorker('it ended as it started', error)
      this.giveUpIfNoneIsLeft()
    })
  }

  /** Gives what a thread answers; rejects where it ends, or where there is none. An aborted task ends its thread. */
  async run<T>(task: PassTask | AskTask, signal?: AbortSignal): Promise<T> {
    if (this.failure !== undefined && this.isEmpty) throw this.failure
    const { promise: never, reject } = Promise.withResolvers<never>()
    this.unfinished.add(reject)
    try {
      return await Promise.race([this.pool.run(task, signal === undefined ? {} : { signal }) as Promise<T>, never])
    } finally {
      this.unfinished.delete(reject)
      this.giveUpIfNoneIsLeft()
    }
  }

  async close(): Promise<void> {
    await this.pool.destroy()
  }

  private get isEmpty(): boolean {
    return this.pool.threads.length === 0
  }

  private giveUpIfNoneIsLeft(): void {
    if (this.failure === undefined || !this.isEmpty) return
    for (const reject of this.unfinished) reject(this.failure)
  }
}

/** A worker never throws; where one ends, memory or threads ran out. */
export function endedWorker(what: string, error: unknown): UserError {
  const told = (error instanceof Error ? error.message : String(error)).split('\n')[0]!.replace(/\.$/, '')
  return new UserError({
    where: 'a worker thread',
    problem: `${what}: ${told}`,
    hint: 'Finished runs are kept. Run again with fewer --jobs, which take less memory and fewer open files.',
  })
}
