import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { counted } from '../core/counted.ts'
import { AskAgain } from '../engine/ask-again.ts'
import { REFUSED } from '../engine/outcomes.ts'
import { createLedger, type Ledger } from '../engine/ledger.ts'
import type { SavedWindows } from '../engine/app-lifecycle.ts'
import type { Policy, PolicyContext } from '../policy/policy.ts'
import type { Backend } from './instance/backend.ts'
import type { Clock } from './fleet/clock.ts'
import type { Directory } from './fleet/app-rows.ts'
import type { Call, Reply } from './instance/contract.ts'
import { CONTRACTS } from './contracts/index.ts'
import { Fault, faultOf } from './fault.ts'
import { Fleet, type Orders, type Served } from './fleet/fleet.ts'
import type { Job } from './job.ts'
import { STARTS } from './live-limits.ts'
import type { LiveApp } from './live-app.ts'
import { LiveInstance } from './instance/live-instance.ts'
import { contextOf } from './fleet/policy-context.ts'
import type { SavedApp } from './state/saved-state.ts'
import { StartLimiter } from './fleet/start-limiter.ts'
import { watchedPolicy } from './fleet/watched-policy.ts'
import type { Watcher } from './fleet/watcher.ts'

/** What an adapter is made of. */
export interface AdapterParts {
  readonly directory: Directory
  readonly policy: (context: PolicyContext) => Policy
  readonly seed: number
  readonly reuse: 'newest' | 'oldest'
  readonly whileLoading: 'new' | 'join'
  /** MB of all instances together. */
  readonly budgetMb: number
  /** Calls that are under way at a time, at most. */
  readonly mostCalls: number
  /** Calls that wait for room at a time, at most, and for how long (ms). */
  readonly mostWaiting: number
  readonly waitMs: number
  /** Hears every line that an instance of an app prints. */
  readonly onLine?: (app: number, instance: string, line: string) => void
  readonly backend: Backend
  readonly clock: Clock
  readonly watcher: Watcher
}

/** An instance that the fleet knows by a number. */
interface OrderedInstance {
  readonly app: number
  readonly instance: LiveInstance
  readonly orderedAt: number
  readyAt: number | null
  /** Why it was lost; undefined while it is not. */
  why?: Fault
}

/** The fleet in the real world: its clock is the machine's, its instances are processes and containers. */
export class Adapter implements Orders<Job> {
  readonly directory: Directory
  readonly ledger: Ledger
  /** When it began, on the fleet's clock: floors hold from then on. */
  readonly sinceMs: number
  private readonly policy: Policy
  private readonly parts: AdapterParts
  private readonly fleet: Fleet<Job>
  private readonly starts = new StartLimiter(STARTS)
  private readonly entries = new Map<number, OrderedInstance>()
  /** Ends of instances that are under way. */
  private readonly endings = new Set<Promise<void>>()
  private armedFor = Number.POSITIVE_INFINITY
  private disarm: () => void = () => undefined
  private calls = 0
  private made = 0
  private isClosing = false

  constructor(parts: AdapterParts) {
    const { directory, budgetMb, reuse, whileLoading, watcher } = parts
    const { apps } = directory
    this.parts = parts
    this.directory = directory
    this.ledger = createLedger(directory.rows, 0)
    const askAgain = new AskAgain()
    const asks = (app: number, at: number): void => {
      askAgain.ask(app, at)
      // The policy may ask at any time, and the fleet's timer may have to fire earlier.
      queueMicrotask(() => this.arm())
    }
    const context = contextOf(directory, parts.seed, parts.clock.originMs, asks)
    this.policy = watchedPolicy(parts.policy(context), watcher)
    const concurrency = apps.map((app) => app.concurrency)
    const memoryMb = apps.map((app) => app.memoryMb)
    this.sinceMs = parts.clock.now()
    const { sinceMs } = this
    const { mostWaiting, waitMs } = parts
    const options = { concurrency, memoryMb, budgetMb, reuse, whileLoading, renew: true, sinceMs, mostWaiting, waitMs }
    this.fleet = new Fleet(options, this.policy, this.ledger, this)
    try {
      askAgain.connect(this.fleet)
    } catch (error) {
      // What it asked for while it was made has no app or no time yet.
      watcher.policyFailed?.(null, error)
    }
    // Floors hold before the first call.
    this.arm()
  }

  /** Apps by their rows, those that are gone among them. */
  get apps(): readonly LiveApp[] {
    return this.directory.apps
  }

  /** Calls under way. */
  get underWay(): number {
    return this.calls
  }

  /** Calls that wait for room. */
  get waiting(): number {
    return this.fleet.waiting
  }

  /** The instances that there are now, with the rows of their apps. */
  get instances(): readonly { readonly app: number; readonly instance: LiveInstance }[] {
    return [...this.entries.values()]
  }

  /**
   * Has a call of an app's function executed; both are rows. Rejects with a Fault. `onReply` gets the answer first, so that
   * the client does not wait for the ledger.
   */
  invoke(app: number, fn: number, call: Call, onReply?: (reply: Reply) => void): Promise<Reply> {
    const { promise, resolve, reject } = Promise.withResolvers<Reply>()
    const times = { arrivedAt: this.parts.clock.now(), begunAt: performance.now(), ranFrom: Number.NaN, decidedMs: 0 }
    const job: Job = { app, fn, call, ...times, served: { outcome: REFUSED }, onReply, resolve, reject }
    this.calls += 1
    if (this.isClosing) this.finish(job, new Fault('closing', 'the adapter is about to end'))
    else if (this.calls > this.parts.mostCalls) {
      this.finish(job, new Fault('tooMany', `${counted(this.parts.mostCalls, 'call is', 'calls are')} under way`))
    } else this.arrive(job)
    return promise
  }

  /** Adds an app, or replaces one of the same name. The new one gets what was learnt of the old one. */
  enter(app: LiveApp): void {
    const before = this.directory.rowOf(app.name)
    const saved = before === undefined ? undefined : this.save(before)
    const row = this.directory.add(app)
    this.fleet.enter(row, app.concurrency, app.memoryMb, this.parts.clock.now())
    if (before !== undefined) this.retire(before)
    if (saved !== undefined) this.resume(row, saved)
    this.arm()
  }

  /** Removes an app. Calls that were accepted are still served. */
  remove(name: string): void {
    const row = this.directory.rowOf(name)
    if (row === undefined) return
    this.directory.remove(name)
    this.retire(row)
  }

  /** The origin of the fleet's clock, in ms since 1970. */
  get originMs(): number {
    return this.parts.clock.originMs
  }

  /** The time on the fleet's clock. */
  now(): number {
    return this.parts.clock.now()
  }

  /** The windows of an app as they stand; undefined when it was never loaded. */
  windowsOf(app: number): SavedWindows | undefined {
    return this.fleet.save(app, this.parts.clock.now())
  }

  /** What is to be saved of an app; undefined when there is nothing. */
  save(app: number): SavedApp | undefined {
    const windows = this.windowsOf(app)
    const learnt = this.policy.save?.(app)
    const asksAt = this.fleet.asksAt(app)
    if (windows === undefined && learnt === undefined && asksAt === Infinity) return undefined
    return { windows, learnt, ...(asksAt === Infinity ? {} : { asksAt }) }
  }

  /** Restores what was saved of an app, before its first call. */
  resume(app: number, { windows, learnt, asksAt }: SavedApp): void {
    const now = this.parts.clock.now()
    if (learnt !== undefined) this.policy.load?.(app, learnt)
    if (windows !== undefined) this.fleet.resume(app, windows, now)
    if (asksAt !== undefined) this.fleet.askAgain(app, Math.max(asksAt, now))
    this.arm()
  }

  /** What the policy learnt across apps; undefined when there is nothing. */
  saveAll(): unknown {
    return this.policy.saveAll?.()
  }

  /** Restores what the policy had learnt across apps, before the first call. */
  resumeAll(learnt: unknown): void {
    this.policy.loadAll?.(learnt)
    this.arm()
  }

  /** Takes no more calls, and gives those under way so much time to end. */
  async drain(graceMs: number): Promise<void> {
    this.isClosing = true
    this.disarm()
    const until = performance.now() + graceMs
    while (this.calls > 0 && performance.now() < until) await sleep(20)
  }

  /** Ends every instance, and every call that is under way. Resolves when none is left. */
  async close(): Promise<void> {
    this.isClosing = true
    this.disarm()
    const now = this.parts.clock.now()
    this.fleet.advance(now)
    const why = new Fault('closing', 'the adapter ends')
    for (const job of this.fleet.close(now)) this.finish(job, why)
    while (this.endings.size > 0 || this.calls > 0) await Promise.race([Promise.all(this.endings), sleep(20)])
  }

  start(app: number, id: number, orderedAt: number): void {
    const { backend } = this.parts
    const deployed = this.apps[app]!
    this.made += 1
    const contract = CONTRACTS.get(deployed.contract, `apps.${deployed.name}.contract`)
    const name = `i${this.made.toString(36)}`
    const { onLine } = this.parts
    const hears = onLine === undefined ? {} : { onLine: (line: string) => onLine(app, instance.id, line) }
    const instance: LiveInstance = new LiveInstance({
      app: deployed,
      name,
      backend,
      contract,
      starts: this.starts,
      ...hears,
    })
    const entry: OrderedInstance = { app, instance, orderedAt, readyAt: null }
    this.entries.set(id, entry)
    void this.admit(id, entry)
  }

  stop(_app: number, id: number): void {
    const entry = this.entries.get(id)!
    // It is removed here before it ends, so that its end does not count as a loss.
    this.entries.delete(id)
    const ending = this.end(entry)
    this.endings.add(ending)
    void ending.finally(() => this.endings.delete(ending))
  }

  run(_app: number, id: number, job: Job): void {
    const { instance } = this.entries.get(id)!
    job.ranFrom = performance.now()
    const onOver = (outcome: Reply | Fault): void => {
      if (outcome instanceof Fault && !outcome.leavesInstance) this.lose(id, instance, outcome)
      this.ended(id, instance, job, outcome)
    }
    instance.run(job.call, onOver, job.onReply).then(job.resolve, job.reject)
  }

  served(job: Job, served: Served): void {
    job.served = { ...served, waits: true }
  }

  dropped(job: Job): void {
    this.finish(job, this.noRoom(job.app, `, nor was there within ${this.parts.waitMs} ms`))
  }

  fired(app: number, rank: number, dueMs: number, now: number): void {
    this.parts.watcher.fired?.(app, rank, dueMs, now - dueMs)
  }

  /** Tells the fleet of an instance that it ordered: that it is ready, or lost. */
  private async admit(id: number, entry: OrderedInstance): Promise<void> {
    const { app, instance } = entry
    const { clock, watcher } = this.parts
    try {
      await instance.ready()
    } catch (error) {
      return this.lose(id, instance, faultOf(error, 'backend'))
    }
    if (!this.isCurrent(id, instance)) return
    entry.readyAt = clock.now()
    watcher.started?.(app, performance.now() - instance.bornAt)
    this.fleet.ready(id, entry.readyAt)
    this.arm()
    const onLost = (): void => this.lose(id, instance, faultOf(instance.lost.reason, 'exited'))
    instance.lost.addEventListener('abort', onLost)
    if (instance.lost.aborted) onLost()
  }

  /** Ends an instance that the fleet no longer needs. */
  private async end({ app, instance, orderedAt, readyAt, why }: OrderedInstance): Promise<void> {
    const { clock, watcher } = this.parts
    try {
      await instance.stop(why)
      // The rest of an instance that is being removed holds no memory.
      const sinceMs = Number.isNaN(instance.exitedAt) ? 0 : Math.round(performance.now() - instance.exitedAt)
      watcher.stayed?.({ app, orderedAt, readyAt, goneAt: clock.now() - sinceMs, ...instance.took })
    } catch (error) {
      watcher.failed?.(app, faultOf(error, 'backend'), '')
    }
  }

  private retire(row: number): void {
    this.fleet.retire(row, this.parts.clock.now())
    this.arm()
  }

  private arrive(job: Job): void {
    job.served = this.fleet.arrive(job.app, job.fn, job.arrivedAt, job)
    // On a warm instance the execution begins at once, and is no part of the decision.
    job.decidedMs = (Number.isNaN(job.ranFrom) ? performance.now() : job.ranFrom) - job.begunAt
    this.arm()
    if (job.served.outcome !== REFUSED || job.served.waits) return
    const { mostWaiting } = this.parts
    this.finish(
      job,
      this.noRoom(
        job.app,
        mostWaiting === 0 ? '' : `, and ${counted(mostWaiting, 'call waits', 'calls wait')} for some`,
      ),
    )
  }

  private noRoom(app: number, more: string): Fault {
    const { name, memoryMb } = this.apps[app]!
    return new Fault('noRoom', `there is no room for another instance of ${name} (${memoryMb} MB)${more}`)
  }

  private ended(id: number, instance: LiveInstance, job: Job, outcome: Reply | Fault): void {
    const now = this.parts.clock.now()
    if (this.isCurrent(id, instance)) {
      this.fleet.ended(id, job.fn, now)
      this.arm()
    }
    this.finish(job, outcome, now)
  }

  /** An instance can serve no more: the fleet replaces it, and calls that waited for it fail. */
  private lose(id: number, instance: LiveInstance, fault: Fault): void {
    if (!this.isCurrent(id, instance)) return
    const entry = this.entries.get(id)!
    const { app } = entry
    void instance.output().then(
      (output) => this.parts.watcher.failed?.(app, fault, output),
      () => this.parts.watcher.failed?.(app, fault, ''),
    )
    // Other calls of the instance get the reason. They were not late themselves, so it is `exited` for them.
    entry.why = fault.kind === 'timeout' ? new Fault('exited', `its instance was ended: ${fault.message}`) : fault
    for (const job of this.fleet.lost(id, this.parts.clock.now())) this.finish(job, fault)
    this.arm()
  }

  /** A call is over, and nothing more is done for it. */
  private finish(job: Job, outcome: Reply | Fault, endedAt = this.parts.clock.now()): void {
    this.calls -= 1
    const { app, fn, call, arrivedAt, begunAt, decidedMs, ranFrom, served } = job
    const now = performance.now()
    const waitedMs = (Number.isNaN(ranFrom) ? now : ranFrom) - begunAt
    const ranMs = Number.isNaN(ranFrom) ? 0 : now - ranFrom
    const { status } = outcome
    const visit = { app, fn, call, arrivedAt, endedAt, ...served, waitedMs, decidedMs, ranMs, status }
    this.parts.watcher.visited?.(outcome instanceof Fault ? { ...visit, fault: outcome } : visit)
    // A client that already has the beginning of an answer gets the error from its stream.
    if (outcome instanceof Fault) job.reject(outcome)
  }

  private isCurrent(id: number, instance: LiveInstance): boolean {
    return this.entries.get(id)?.instance === instance
  }

  /** Sets the clock to wake the fleet when something is next due. */
  private arm(): void {
    const due = this.fleet.nextDue
    if (due >= this.armedFor || this.isClosing) return
    this.disarm()
    this.armedFor = due
    this.disarm = this.parts.clock.at(due, () => {
      this.armedFor = Number.POSITIVE_INFINITY
      this.fleet.advance(this.parts.clock.now())
      this.arm()
    })
  }
}
