import { Worker } from 'node:worker_threads'
import { GrowingColumn } from '../../../core/column.ts'
import { type Complaint, UserError } from '../../../core/user-error.ts'
import type { FunctionRows } from '../../build/function-rows.ts'
import { type DayListener, type DayRows, type Days, memoryOf, type TableSize } from './day-rows.ts'
import type { TableFile } from './table-files.ts'

/** What a thread is begun with. */
export interface DayTask {
  readonly minuteAtZero: number
}

/** Owner, app and function. */
export type FunctionName = readonly [string, string, string]

/** What a thread is told: a file to read, or memory to use again. */
export type DayOrder = TableFile | { readonly spare: DayRows }

/** What a thread says of the file that it reads: rows, with the functions that it numbered since it said some last; then its size, or what is wrong. */
export type DayMessage =
  | { readonly rows: DayRows; readonly names: readonly FunctionName[]; readonly read: number }
  | { readonly size: TableSize }
  | { readonly complaint: Complaint }

/**
 * Reads tables of invocations in threads, each a file at a time, and hands over their rows file by file in the order of the
 * files: so all that follows is the same as without threads, mistakes included. Rows of files whose turn has not come wait,
 * of no more files than there are threads.
 */
export class DayThreads implements Days {
  private readonly files: readonly TableFile[]
  private readonly threads: readonly DayThread[]
  /** What has been said of each file that was begun and is not yet handed over. */
  private readonly said = new Map<number, DayMessages>()
  private begun = 0
  private turn = 0

  /** `functions` are the rows that the functions get where the rows are handed over. */
  constructor(
    files: readonly TableFile[],
    { threads, ...task }: DayTask & { readonly threads: number },
    functions: FunctionRows,
  ) {
    this.files = files
    this.threads = Array.from({ length: threads }, () => new DayThread(task, functions))
    for (const thread of this.threads) this.occupy(thread)
  }

  async next({ onRows, onRead }: DayListener): Promise<TableSize> {
    const said = this.said.get(this.turn)!
    for (;;) {
      for (const message of await said.take()) {
        if ('complaint' in message) throw new UserError(message.complaint)
        if ('size' in message) {
          this.said.delete(this.turn)
          this.turn += 1
          for (const thread of this.threads) if (thread.isIdle) this.occupy(thread)
          // What the threads hold is needed no more.
          if (this.turn === this.files.length) await this.end()
          return message.size
        }
        said.thread.number(message.rows, message.names)
        onRows(message.rows)
        said.thread.tell({ spare: message.rows }, memoryOf(message.rows))
        onRead(message.read)
      }
    }
  }

  async end(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.end()))
  }

  private occupy(thread: DayThread): void {
    const number = this.begun
    if (number === this.files.length || number >= this.turn + this.threads.length) return
    this.begun += 1
    const said = new DayMessages(thread)
    this.said.set(number, said)
    thread.read(this.files[number]!, said, () => this.occupy(thread))
  }
}

/** What a thread has said of a file and nobody has heard. */
class DayMessages {
  readonly thread: DayThread
  private messages: DayMessage[] = []
  private heard = Promise.withResolvers<void>()

  constructor(thread: DayThread) {
    this.thread = thread
  }

  add(message: DayMessage): void {
    this.messages.push(message)
    this.heard.resolve()
  }

  /** All of it, once there is some. */
  async take(): Promise<readonly DayMessage[]> {
    await this.heard.promise
    const { messages } = this
    this.messages = []
    this.heard = Promise.withResolvers<void>()
    return messages
  }
}

class DayThread {
  private readonly worker: Worker
  private readonly functions: FunctionRows
  /** The row of each function, by the thread's number of it. */
  private readonly rowOf = new GrowingColumn('uint32')
  private work: { readonly file: TableFile; readonly said: DayMessages; readonly done: () => void } | undefined

  constructor(workerData: DayTask, functions: FunctionRows) {
    // This file runs from source in tests and as built JavaScript elsewhere; the thread's is its neighbour in both.
    const name = import.meta.url.endsWith('.ts') ? './day-thread.ts' : './day-thread.js'
    this.functions = functions
    this.worker = new Worker(new URL(name, import.meta.url), { workerData })
      .on('message', (message: DayMessage) => this.hear(message))
      .on('error', (error: unknown) => this.lose(error instanceof Error ? error.message : String(error)))
      .on('exit', (exitCode) => this.lose(`exit code ${exitCode}`))
  }

  get isIdle(): boolean {
    return this.work === undefined
  }

  /** Reads a file; what is said of it goes to `said`. `done` is called after its last row. */
  read(file: TableFile, said: DayMessages, done: () => void): void {
    this.work = { file, said, done }
    this.tell(file)
  }

  tell(task: DayOrder, moved: readonly ArrayBuffer[] = []): void {
    this.worker.postMessage(task, moved)
  }

  /** Gives new functions their rows, and puts them into `rows` in place of the thread's numbers. */
  number({ fn, length }: DayRows, names: readonly FunctionName[]): void {
    for (const name of names) this.rowOf.push(this.functions.fn(...name))
    for (let row = 0; row < length; row += 1) fn[row] = this.rowOf.at(fn[row]!)
  }

  async end(): Promise<void> {
    await this.worker.terminate()
  }

  private hear(message: DayMessage): void {
    const { work } = this
    work!.said.add(message)
    if (!('size' in message)) return
    this.work = undefined
    work!.done()
  }

  private lose(why: string): void {
    if (this.work === undefined) return
    const { file, said } = this.work
    const problem = `the thread that read it ended before it was done: ${why}`
    said.add({ complaint: { where: file.path, problem, hint: 'Is there enough memory?' } })
  }
}
