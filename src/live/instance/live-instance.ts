import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Backend, Exit, Sandbox } from './backend.ts'
import type { Call, Contract, Reply, Session } from './contract.ts'
import { Fault, faultOf } from '../fault.ts'
import type { LiveApp } from '../live-app.ts'
import { orAborted } from './or-aborted.ts'
import type { Turnstile } from '../fleet/start-limiter.ts'

/** What an instance is made of. */
export interface Making {
  readonly app: LiveApp
  /** Unique among the adapter's instances; names its folder. */
  readonly name: string
  readonly backend: Backend
  readonly contract: Contract
  readonly starts: Turnstile
}

/** How long a broken connection waits for the news of an exit that explains it, in ms. */
const EXPLAIN_MS = 1000

export type InstanceState = 'starting' | 'idle' | 'busy' | 'paused' | 'ending'

/** One real instance from the order to start it to its end. What happens to it happens in one order. */
export class LiveInstance {
  readonly making: Making
  state: InstanceState = 'starting'
  /** When its start was ordered (ms of the monotonic clock), and how long each part of it took. */
  readonly bornAt = performance.now()
  readonly took = { waitMs: 0, createMs: 0, readyMs: 0 }
  /** When its program ended, and gave its memory back; NaN before. */
  exitedAt = Number.NaN
  private sandbox: Sandbox | undefined
  private session: Session | undefined
  private readonly made: Promise<void>
  /** Aborts with the reason why the instance can serve no more. */
  private readonly gone = new AbortController()
  private readonly runs = new Set<AbortController>()
  /** The latest of the operations that must not overlap: pause and resume. */
  private operation: Promise<void> = Promise.resolve()
  private isPaused = false
  private pauseTimer: NodeJS.Timeout | undefined
  private end: Promise<void> | undefined

  constructor(making: Making) {
    this.making = making
    this.made = making.starts.pass(() => this.make(), this.gone.signal)
    this.made.catch(() => undefined)
  }

  /** Resolves when it can take calls. Rejects with a Fault where that fails or takes too long. */
  async ready(): Promise<void> {
    const { startTimeoutMs, name } = this.making.app
    const late = new Fault('notReady', `${name} was not ready within ${startTimeoutMs} ms`)
    const timer = setTimeout(() => this.gone.abort(late), startTimeoutMs)
    try {
      await orAborted(this.made, this.gone.signal)
      this.rest()
    } finally {
      clearTimeout(timer)
    }
  }

  /** Aborts when it can serve no more, with the Fault that says why; also when it was stopped. */
  get lost(): AbortSignal {
    return this.gone.signal
  }

  /** Has a call executed within the app's time limit. Rejects with a Fault. */
  async run(call: Call): Promise<Reply> {
    clearTimeout(this.pauseTimer)
    const { app } = this.making
    const run = new AbortController()
    const late = new Fault('timeout', `${app.name} took longer than ${app.timeoutMs} ms`)
    const timer = setTimeout(() => run.abort(late), app.timeoutMs)
    this.runs.add(run)
    try {
      if (this.gone.signal.aborted) throw this.gone.signal.reason
      if (this.state === 'paused') await orAborted(this.resume(), run.signal)
      this.state = 'busy'
      // Whatever a contract makes of the signal, nobody waits for longer.
      return await orAborted(this.session!.invoke(call, Date.now() + app.timeoutMs, run.signal), run.signal)
    } catch (error) {
      throw await this.explained(faultOf(error, 'backend'))
    } finally {
      clearTimeout(timer)
      this.runs.delete(run)
      if (this.runs.size === 0) this.rest()
    }
  }

  /** Ends it; resolves when nothing of it is left. What it still runs fails with the fault that is the reason. */
  stop(why = new Fault('closing', `the instance of ${this.making.app.name} is being ended`)): Promise<void> {
    this.end ??= this.remove(why)
    return this.end
  }

  /** Memory in use, in MB; NaN where it cannot be told. */
  async memoryMb(): Promise<number> {
    return this.sandbox === undefined ? Number.NaN : this.sandbox.memoryMb()
  }

  /** The last of what its program printed. */
  async output(): Promise<string> {
    return this.sandbox === undefined ? '' : this.sandbox.output()
  }

  get id(): string {
    return this.sandbox?.id ?? ''
  }

  private async make(): Promise<void> {
    const { app, backend, contract, name } = this.making
    const { took, bornAt, gone } = this
    took.waitMs = performance.now() - bornAt
    gone.signal.throwIfAborted()
    try {
      const ground = await backend.prepare(contract.needs, name)
      this.session = await contract.open(app, ground)
      this.sandbox = await backend.start(app, this.session.env, ground)
      took.createMs = performance.now() - bornAt - took.waitMs
      void this.sandbox.exited.then((exit) => this.fail(exit))
      await this.session.ready(this.sandbox, gone.signal)
      took.readyMs = performance.now() - bornAt - took.waitMs - took.createMs
    } catch (error) {
      throw faultOf(gone.signal.aborted ? gone.signal.reason : error, 'backend')
    }
  }

  private fail(exit: Exit): void {
    this.exitedAt = performance.now()
    this.abandon(new Fault(exit.outOfMemory ? 'memory' : 'exited', `${this.making.app.name} ended: ${exit.how}`))
  }

  /** Nothing more is to be expected of it. */
  private abandon(why: Fault): void {
    if (!this.gone.signal.aborted) this.gone.abort(why)
    for (const run of this.runs) run.abort(this.gone.signal.reason)
  }

  private async remove(why: Fault): Promise<void> {
    clearTimeout(this.pauseTimer)
    this.state = 'ending'
    this.abandon(why)
    await this.made.catch(() => undefined)
    await this.operation
    try {
      await this.session?.close()
    } finally {
      await this.sandbox?.stop(this.making.app.stopGraceMs)
    }
    await this.sandbox?.exited
  }

  private rest(): void {
    if (this.end !== undefined) return
    this.state = 'idle'
    const { pauseAfterMs } = this.making.app
    if (pauseAfterMs === Infinity) return
    this.pauseTimer = setTimeout(() => this.pause(), pauseAfterMs)
  }

  private pause(): void {
    if (this.end !== undefined || this.state !== 'idle') return
    this.state = 'paused'
    // An instance that cannot be paused goes on unpaused.
    this.operation = this.operation
      .then(() => this.sandbox!.pause())
      .then(() => void (this.isPaused = true))
      .catch(() => undefined)
  }

  private async resume(): Promise<void> {
    this.state = 'busy'
    const resumed = this.unpauseAfter(this.operation)
    this.operation = resumed.catch(() => undefined)
    await resumed
  }

  private async unpauseAfter(operation: Promise<void>): Promise<void> {
    await operation
    if (this.isPaused) await this.sandbox!.resume()
    this.isPaused = false
  }

  /** A connection that broke because the program ended is told as that end. */
  private async explained(fault: Fault): Promise<Fault> {
    if (fault.kind !== 'exited' || this.gone.signal.aborted) return fault
    await Promise.race([this.sandbox?.exited, sleep(EXPLAIN_MS)])
    return this.gone.signal.aborted ? faultOf(this.gone.signal.reason, 'exited') : fault
  }
}
