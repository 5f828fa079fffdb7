import { Worker } from 'node:worker_threads'
import { type Complaint, UserError } from '../../core/user-error.ts'
import type { CodeFile } from '../../own/code-file.ts'
import { toldOf } from '../../own/told.ts'
import type { Origin } from '../../trace/build/event-time.ts'
import { unsoundness } from '../../trace/compiled/sound-trace.ts'
import type { ReadOptions } from '../../trace/trace-format.ts'
import type { Trace } from '../../trace/trace.ts'
import { traceFromParts, type TraceParts, withDigest } from '../../trace/trace-parts.ts'

/** What the thread is given: the file, its name in messages, and where the thread counts its signs of life. */
export interface FormatTask {
  readonly code: CodeFile
  readonly file: string
  readonly beats: Int32Array<SharedArrayBuffer>
}

/** A method that the thread is to call. */
export interface FormatCall {
  readonly method: 'recognises' | 'read' | 'readAll'
  readonly paths: readonly string[]
  readonly origin?: Origin | undefined
}

/** What the thread says: how far it is, in bytes, or what came of the call. */
export type FormatAnswer =
  | { readonly done: number; readonly of: number }
  | { readonly recognised: boolean }
  | { readonly parts: TraceParts }
  | { readonly complaint: Complaint }

/** A reader of long files may work for so long without letting anything else run, or telling its progress. */
const LONGEST_MS = 120_000
const HINT = 'A reader of long files awaits its pieces, or calls options.onProgress.'

/** A user's own trace format, which is called in a thread of its own: whatever it does, it does to that thread alone. */
export class FormatApart {
  private readonly code: CodeFile
  private readonly file: string
  private readonly longestMs: number
  private readonly beats = new Int32Array(new SharedArrayBuffer(4))
  private worker: Worker | undefined
  private latest: Promise<unknown> = Promise.resolve()

  constructor(code: CodeFile, file: string, longestMs = LONGEST_MS) {
    this.code = code
    this.file = file
    this.longestMs = longestMs
  }

  async recognises(path: string): Promise<boolean> {
    const answer = await this.inTurn({ method: 'recognises', paths: [path] })
    return 'recognised' in answer && answer.recognised
  }

  /** Reads with `read` or `readAll`. Throws a UserError for whatever is wrong with what comes of it. */
  async read(method: 'read' | 'readAll', paths: readonly string[], options: ReadOptions = {}): Promise<Trace> {
    const answer = await this.inTurn({ method, paths, origin: options.origin }, options.onProgress)
    if (!('parts' in answer)) throw new Error('a thread answered another question')
    const unsound = unsoundness(answer.parts)
    if (unsound !== undefined) throw this.complaint(method, `must give a trace: ${unsound}`)
    return withDigest(traceFromParts(answer.parts))
  }

  /** Calls follow each other: the thread does one thing at a time. */
  private async inTurn(call: FormatCall, onProgress?: ReadOptions['onProgress']): Promise<FormatAnswer> {
    const before = this.latest
    const answer = before.then(() => this.ask(call, onProgress))
    this.latest = answer.catch(() => undefined)
    return answer
  }

  private async ask(call: FormatCall, onProgress: ReadOptions['onProgress']): Promise<FormatAnswer> {
    const { method } = call
    const worker = this.started()
    worker.ref()
    const { promise, resolve, reject } = Promise.withResolvers<FormatAnswer>()
    const heard = (answer: FormatAnswer): void => {
      if ('done' in answer) onProgress?.(answer.done, answer.of)
      else resolve(answer)
    }
    const ended = (): void => reject(this.complaint(method, 'ended its thread'))
    worker.on('message', heard).on('error', reject).on('exit', ended)
    const timer = this.watch(() =>
      reject(
        this.complaint(method, `did not come back within ${this.longestMs / 1000} s, nor let anything else run`, HINT),
      ),
    )
    try {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
      worker.postMessage(call)
      const answer = await promise
      if ('complaint' in answer) throw new UserError(answer.complaint)
      return answer
    } catch (error) {
      this.worker = undefined
      void worker.terminate()
      if (error instanceof UserError) throw error
      throw this.complaint(method, `ended its thread: ${toldOf(error)}`)
    } finally {
      clearInterval(timer)
      worker.off('message', heard).off('exit', ended)
      worker.unref()
    }
  }

  private started(): Worker {
    if (this.worker !== undefined) return this.worker
    // This file runs from source in tests and as built JavaScript elsewhere; the thread's is its neighbour in both.
    const name = import.meta.url.endsWith('.ts') ? './format-thread.ts' : './format-thread.js'
    const workerData: FormatTask = { code: this.code, file: this.file, beats: this.beats }
    this.worker = new Worker(new URL(name, import.meta.url), { workerData })
    return this.worker
  }

  /** Calls back where the thread gives no sign of life for too long. */
  private watch(tooLong: () => void): NodeJS.Timeout {
    let [seen, since] = [-1, performance.now()]
    return setInterval(
      () => {
        const [beats, now] = [Atomics.load(this.beats, 0), performance.now()]
        if (beats !== seen) [seen, since] = [beats, now]
        else if (now - since > this.longestMs) tooLong()
      },
      Math.min(500, this.longestMs / 4),
    )
  }

  private complaint(method: string, what: string, hint?: string): UserError {
    return new UserError({ where: this.file, problem: `${method}() ${what}`, ...(hint === undefined ? {} : { hint }) })
  }
}
