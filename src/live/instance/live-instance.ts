import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { Fault, faultOf } from '../fault.ts'
import type { StartLimiter } from '../fleet/start-limiter.ts'
import { KNOWING_MS } from '../live-limits.ts'
import type { LiveApp } from '../live-app.ts'
import type { Backend, Exit, Sandbox } from './backend.ts'
import type { Call, Contract, Reply, Session } from './contract.ts'
import { orAborted } from './or-aborted.ts'
import { Run } from './execution.ts'
import { TimeLimits } from './time-limits.ts'

/** What an instance needs. */
export interface Making {
  readonly app: LiveApp
  /** Unique among the adapter's instances; names its folder. */
  readonly name: string
  readonly backend: Backend
  readonly contract: Contract
  readonly starts: StartLimiter
  /** Gets every line that the program prints. */
  readonly onLine?: (line: string) => void
}

/** How long a broken connection waits for the news of an exit that explains it, in ms. */
const EXPLAIN_MS = 500

/**
 * Where an instance is in its life. From `starting` it becomes `idle`; calls make it `busy` and back; its backend may
 * make it `unknown` and known again, and pause it while it is idle. Each of these can become `ending`.
 */
export type InstanceState = 'starting' | 'idle' | 'busy' | 'paused' | 'unknown' | 'ending'

/** One real instance from the order to start it to its end. */
export class LiveInstance {
  readonly making: Making
  /** When its start was ordered (ms of the monotonic clock), and how long each part of it took. */
  readonly bornAt = performance.now()
  readonly took = { waitMs: 0, createMs: 0, readyMs: 0 }
  /** When its program ended, and gave its memory back; NaN before. */
  exitedAt = Number.NaN
  private sandbox: Sandbox | undefined
  private session: Session | undefined
  private isReady = false
  private readonly made: Promise<void>
  /** Aborts with the reason why the instance can serve no more. */
  private readonly gone = new AbortController()
  private readonly runs = new Set<Run>()
  private readonly limits = new TimeLimits(this.runs)
  /** The latest of the operations that must not overlap: pause and resume. */
  private operation: Promise<void> = Promise.resolve()
  private pauseTimer: NodeJS.Timeout | undefined
  /** Whether a pause was ordered that the backend has not carried out yet. */
  private isPausing = false
  private end: Promise<void> | undefined

  constructor(making: Making) {
    this.making = making
    this.made = making.starts.pass(() => this.make(), this.gone.signal)
    this.made.catch(() => undefined)
  }

  get state(): InstanceState {
    if (this.end !== undefined) return 'ending'
    if (!this.isReady) return 'starting'
    if (this.sandbox!.isUnknown) return 'unknown'
    if (this.runs.size > 0) return 'busy'
    return this.sandbox!.isPaused || this.isPausing ? 'paused' : 'idle'
  }

  /** Resolves when it can take calls. Rejects with a Fault where that fails or takes too long. */
  async ready(): Promise<void> {
    const { startTimeoutMs, name } = this.making.app
    const late = new Fault('notReady', `${name} was not ready within ${startTimeoutMs} ms`)
    const timer = setTimeout(() => this.gone.abort(late), startTimeoutMs)
    try {
      await orAborted(this.made, this.gone.signal)
      this.isReady = true
      this.rest()
    } finally {
      clearTimeout(timer)
    }
  }

  /** Aborts when it can serve no more, with the Fault that says why; also when it was stopped. */
  get lost(): AbortSignal {
    return this.gone.signal
  }

  /**
   * Has a call executed within the app's time limit; resolves when its answer begins. `onOver` is called once, when the
   * execution is over: with the answer where all of it came, and else with the fault, which the promise rejects with
   * where no answer had begun. `onReply` hears an answer that begins before all that.
   */
  async run(
    call: Call,
    onOver: (outcome: Reply | Fault) => void,
    onReply: (reply: Reply) => void = () => undefined,
  ): Promise<Reply> {
    clearTimeout(this.pauseTimer)
    const run = new Run()
    this.runs.add(run)
    const over = (outcome: Reply | Fault): void => {
      this.runs.delete(run)
      if (this.runs.size === 0) this.rest()
      onOver(outcome)
    }
    const { app } = this.making
    let isSent = false
    try {
      if (!this.isPlain) await this.whenPlain(run)
      isSent = true
      // Time before the request was sent does not count.
      this.limits.limit(run, app.timeoutMs, () => lateFor(app))
      const reply = await this.invoke(call, run)
      onReply(reply)
      if (Buffer.isBuffer(reply.body)) {
        over(reply)
        return reply
      }
      if (isOpenEnded(reply)) this.limits.limit(run, app.streamMs, () => lateFor(app, 'stream'))
      void reply.body.done.then(async (fault) => over(fault === undefined ? reply : await this.explained(fault)))
      return reply
    } catch (error) {
      const explained = await this.explained(faultOf(error, 'backend'))
      const fault = isSent ? explained : neverSent(explained)
      over(fault)
      throw fault
    }
  }

  /** Ends it; resolves when nothing of it is left. What it still runs fails with the fault that is the reason. */
  stop(why = new Fault('interrupted', `the instance of ${this.making.app.name} is being ended`)): Promise<void> {
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
    const { app, backend, contract, name, onLine } = this.making
    const { took, bornAt, gone } = this
    took.waitMs = performance.now() - bornAt
    gone.signal.throwIfAborted()
    try {
      const ground = await backend.prepare(contract.needs, name)
      this.session = await contract.open(app, ground)
      this.sandbox = await backend.start(app, this.session.env, ground)
      took.createMs = performance.now() - bornAt - took.waitMs
      void this.sandbox.exited.then((exit) => this.fail(exit))
      if (onLine !== undefined) void this.sandbox.print(onLine)
      await this.session.ready(this.sandbox, gone.signal)
      took.readyMs = performance.now() - bornAt - took.waitMs - took.createMs
    } catch (error) {
      throw faultOf(gone.signal.aborted ? gone.signal.reason : error, 'backend')
    }
  }

  /** Whether a call can be sent to it at once. */
  private get isPlain(): boolean {
    const { isUnknown, isPaused } = this.sandbox!
    return !isUnknown && !isPaused && !this.isPausing && !this.gone.signal.aborted
  }

  private invoke(call: Call, run: Run): Promise<Reply> {
    return this.session!.invoke(call, Date.now() + this.making.app.timeoutMs, run)
  }

  /** Waits until it is known and runs; rejects with a Fault where that is not to be. */
  private async whenPlain(run: Run): Promise<void> {
    const sandbox = this.sandbox!
    const given = new AbortController()
    run.onGivenUp((why) => given.abort(why))
    if (this.gone.signal.aborted) throw this.gone.signal.reason
    if (sandbox.isUnknown) {
      const { name } = this.making.app
      const unknown = new Fault('unknown', `the engine is away, so the state of the instance of ${name} is not known`)
      const timer = setTimeout(() => given.abort(unknown), KNOWING_MS)
      await orAborted(sandbox.known(), given.signal).finally(() => clearTimeout(timer))
      // This instance hears of an end a moment later.
      await Promise.resolve()
      if (this.gone.signal.aborted) throw this.gone.signal.reason
    }
    if (sandbox.isPaused || this.isPausing) {
      const timer = setTimeout(() => given.abort(lateFor(this.making.app)), this.making.app.timeoutMs)
      await orAborted(this.resume(), given.signal).finally(() => clearTimeout(timer))
    }
    // The engine may have gone away while the instance was resumed.
    if (!this.isPlain) return this.whenPlain(run)
  }

  private fail(exit: Exit): void {
    this.exitedAt = performance.now()
    this.abandon(new Fault(exit.outOfMemory ? 'memory' : 'exited', `${this.making.app.name} ended: ${exit.how}`))
  }

  /** It can serve no more. */
  private abandon(why: Fault): void {
    if (!this.gone.signal.aborted) this.gone.abort(why)
    for (const run of this.runs) run.giveUp(this.gone.signal.reason)
  }

  private async remove(why: Fault): Promise<void> {
    clearTimeout(this.pauseTimer)
    this.abandon(why)
    this.limits.clear()
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
    const { pauseAfterMs } = this.making.app
    if (this.end !== undefined || pauseAfterMs === Infinity) return
    this.pauseTimer = setTimeout(() => this.pause(), pauseAfterMs)
  }

  private pause(): void {
    if (this.state !== 'idle') return
    this.isPausing = true
    // An instance that cannot be paused goes on unpaused.
    this.operation = this.operation
      .then(() => this.sandbox!.pause())
      .catch(() => undefined)
      .finally(() => (this.isPausing = false))
  }

  private async resume(): Promise<void> {
    const resumed = this.operation.then(() => (this.sandbox!.isPaused ? this.sandbox!.resume() : undefined))
    this.operation = resumed.catch(() => undefined)
    await resumed
  }

  /** Where a connection broke because the program ended, the fault says that the program ended. */
  private async explained(fault: Fault): Promise<Fault> {
    if (fault.kind !== 'broken' || this.gone.signal.aborted) return this.ofItsEnd(fault)
    await Promise.race([this.sandbox!.exited, sleep(EXPLAIN_MS, undefined, { ref: false })])
    return this.ofItsEnd(fault)
  }

  private ofItsEnd(fault: Fault): Fault {
    return fault.kind === 'broken' && this.gone.signal.aborted ? faultOf(this.gone.signal.reason, 'exited') : fault
  }
}

function lateFor({ name, timeoutMs, streamMs }: LiveApp, what: 'call' | 'stream' = 'call'): Fault {
  return new Fault('timeout', `${name} took longer than ${what === 'call' ? timeoutMs : streamMs} ms`)
}

/** A call that was not sent may be made again: the instance is gone, perhaps with its engine, but nothing was executed. */
function neverSent(fault: Fault): Fault {
  if (fault.kind !== 'exited' && fault.kind !== 'memory') return fault
  return new Fault('unknown', `nothing was sent, since the instance is gone: ${fault.message}`)
}

/** Event streams and WebSockets last as long as their reader stays. So they have a limit of their own. */
function isOpenEnded({ headers, body }: Reply): boolean {
  if (!Buffer.isBuffer(body) && 'socket' in body) return true
  for (let at = 0; at < headers.length; at += 2) {
    if (headers[at]!.toLowerCase() === 'content-type') return headers[at + 1]!.startsWith('text/event-stream')
  }
  return false
}
