import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { UserError } from '../../core/user-error.ts'
import { withGaps } from '../arrivals/packed-gaps.ts'
import type { Trace } from '../trace.ts'
import { traceParts, withDigest } from '../trace-parts.ts'

/** Of 28 million cells a thread was seen to gain nothing, of 260 million a fifth of the time of an import. */
const MANY_CELLS = 50e6

/** When a thread is worth starting. */
interface Beside {
  readonly processors?: number
  readonly manyCells?: number
}

/**
 * The trace with its digest. That of many cells takes seconds, so it is made in a thread of its own where there is a second
 * processor, and meanwhile this one finds the gaps of the apps, which a compiled file holds. Columns in shared memory are
 * not copied.
 */
export async function digestBeside(
  content: Omit<Trace, 'digest'>,
  { processors = availableParallelism(), manyCells = MANY_CELLS }: Beside = {},
): Promise<Trace> {
  const { arrivals } = content
  const isSmall = arrivals.kind === 'events' || arrivals.firstCell.at(-1)! < manyCells
  if (isSmall || processors < 2) return withDigest(content)
  const unsigned: Trace = { ...content, digest: '' }
  const thread = new DigestThread(unsigned)
  try {
    const trace = withGaps(unsigned)
    return { ...trace, digest: await thread.digest }
  } finally {
    await thread.end()
  }
}

/** A thread that makes the digest of a trace. */
export class DigestThread {
  /** Rejects with a {@link UserError} where the thread ends before it has one. */
  readonly digest: Promise<string>
  private readonly worker: Worker

  constructor(trace: Trace) {
    // This file runs from source in tests and as built JavaScript elsewhere; the thread's is its neighbour in both.
    const name = import.meta.url.endsWith('.ts') ? './digest-thread.ts' : './digest-thread.js'
    const worker = new Worker(new URL(name, import.meta.url), { workerData: traceParts(trace) })
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    worker.once('message', resolve)
    worker.once('error', (error: unknown) =>
      reject(ended(trace, error instanceof Error ? error.message : String(error))),
    )
    worker.once('exit', (exitCode) => reject(ended(trace, `exit code ${exitCode}`)))
    // It is waited for later, and until then its failure is nobody's.
    promise.catch(() => undefined)
    this.worker = worker
    this.digest = promise
  }

  /** Ends the thread, whether it is done or not. */
  async end(): Promise<void> {
    await this.worker.terminate()
  }
}

function ended({ id }: Trace, why: string): UserError {
  const problem = `the thread that makes the trace's digest ended before it was done: ${why}`
  return new UserError({ where: id, problem, hint: 'Is there enough memory?' })
}
