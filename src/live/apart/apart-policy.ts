import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '../../core/user-error.ts'
import { MINUTE, SECOND } from '../../core/units.ts'
import type { CodeFile } from '../../own/code-file.ts'
import type { Policy, PolicyContext } from '../../policy/policy.ts'
import type { ContextData } from '../fleet/policy-context.ts'
import type { PolicyState, Watcher } from '../fleet/watcher.ts'
import {
  ANSWER,
  type ApartCall,
  ARGUMENTS,
  beyond,
  CALLS,
  CALLS_DONE,
  FAILED,
  METHOD,
  OUTCOME,
  callSlot,
  PLACES,
  type Said,
  type ThreadMessage,
  CALLS_WRITTEN,
} from './mailbox.ts'
import { type PolicyThread, startThread } from './start-thread.ts'

/** The answer for an app that has had none: the default of `fixed`. */
const STANDARD_MS = 10 * MINUTE
/** After so many ms the policy is asked again for a floor that it did not answer. */
const FLOOR_AGAIN_MS = 10 * SECOND
/** The thread of a call that takes longer is ended, in ms. */
const LONGEST_CALL_MS = 5 * SECOND
const MOST_HEAP_MB = 1024
/** The part of the time that may be spent on waiting for answers. What was not spent is kept, for one long wait. */
const WAITING_SHARE = 0.2
/** Where less than this part of a long wait is left, calls do not wait. */
const LEAST_LEFT = 0.1
/** How long after its end a thread is started again, in ms: at first and at most. It doubles until a thread lives that long. */
const FIRST_RESTART_MS = SECOND
const MOST_RESTART_MS = MINUTE
const HEALTHY_MS = 5 * MINUTE
/** How often an answer is looked for before its reader sleeps: most are there at once. */
const LOOKS = 500

/** What a policy in a thread of its own needs. */
export interface ApartParts {
  readonly code: CodeFile
  readonly params: Readonly<Record<string, unknown>>
  /** The context that it is made with, perhaps several times. */
  readonly context: () => ContextData
  readonly originMs: number
  /** The time on the adapter's clock. */
  readonly now: () => number
  /** Names of apps by their rows; empty for those that may come later. */
  readonly names: { at(app: number): string }
  /** How long an answer is waited for, in ms. */
  readonly answerMs: number
  readonly watcher: Watcher
  /** By default {@link LONGEST_CALL_MS}. */
  readonly longestMs?: number
  /** What the policy's own data may hold, in MB; by default {@link MOST_HEAP_MB}. */
  readonly mostHeapMb?: number
}

/** A question whose answer nobody waits for any more. It may still become the last answer. */
interface Late {
  readonly call: number
  readonly method: 'decide' | 'floor' | 'lastKeepAliveMs' | 'keepIdleMs'
  readonly app: number
}

/**
 * The policy of a user's own file, in a thread of its own: it may loop, throw, fill its memory or end itself, and calls go
 * on. Facts are written for the thread, and nobody waits. A question is waited for, so that the answer is the same as
 * in the simulator, but only for a limited time: then the app's last answer holds. A policy that was late is not waited
 * for during some time. A thread that ended is started again, with what was last saved of what the policy had learnt.
 */
export class ApartPolicy {
  private readonly parts: ApartParts
  private thread: PolicyThread | undefined
  private askAgain: PolicyContext['askAgain']
  private written = 0
  /** The thread does not yet know the names of rows from here on. */
  private named = 0
  private isClosed = false
  private readonly closing = new AbortController()
  /** For how long an answer may be waited for now, in ms, as of a time of the monotonic clock. */
  private leftMs: number
  private leftAt = performance.now()
  private readonly lates: Late[] = []
  /** The call whose failure is thrown and not reported; and that failure. */
  private awaited: number | undefined
  private failure: UserError | undefined
  private readonly windows = new Map<number, readonly [prewarmMs: number, keepAliveMs: number]>()
  private readonly floors = new Map<number, number>()
  private readonly lastKeepAlives = new Map<number, number>()
  private readonly idles = new Map<number, number>()
  private readonly learnt = new Map<number, unknown>()
  private learntOfAll: unknown
  private standing: PolicyState = 'answers'
  private reason: string | null = null

  private constructor(parts: ApartParts) {
    this.parts = parts
    this.leftMs = parts.answerMs
  }

  /** Makes the policy. Rejects with a UserError where that fails. */
  static async open(parts: ApartParts): Promise<ApartPolicy> {
    const apart = new ApartPolicy(parts)
    const thread = await apart.start()
    void apart.keep(thread)
    return apart
  }

  get state(): PolicyState {
    return this.standing
  }

  /** Why it does not answer; null where it does. */
  get why(): string | null {
    return this.reason
  }

  /** The policy for the adapter, with the methods of the user's policy. Its requests go to `askAgain`. */
  policy(askAgain: PolicyContext['askAgain']): Policy {
    this.askAgain = askAgain
    const has = new Set(this.thread?.methods)
    return {
      arrived: (app, now, idleMs, fn) => void this.write('arrived', app, now, idleMs, fn),
      decide: (app, now, out) => {
        const place = this.ask('decide', app, now)
        if (place >= 0) this.note('decide', app, place)
        const [prewarmMs, keepAliveMs] = this.windows.get(app) ?? [0, STANDARD_MS]
        out.prewarmMs = prewarmMs
        out.keepAliveMs = keepAliveMs
      },
      ...(has.has('floor') && {
        floor: (app, now, out) => {
          const place = this.ask('floor', app, now)
          if (place >= 0) this.note('floor', app, place)
          out.instances = this.floors.get(app) ?? 0
          out.untilMs = place >= 0 ? this.thread!.mailbox.places[place + ANSWER + 1]! : now + FLOOR_AGAIN_MS
        },
      }),
      ...(has.has('lastKeepAliveMs') && {
        lastKeepAliveMs: (app, now) => {
          const place = this.ask('lastKeepAliveMs', app, now)
          if (place >= 0) this.note('lastKeepAliveMs', app, place)
          return this.lastKeepAlives.get(app) ?? 0
        },
      }),
      ...(has.has('keepIdleMs') && {
        keepIdleMs: (app, now, inUse) => {
          const place = this.ask('keepIdleMs', app, now, inUse)
          if (place >= 0) this.note('keepIdleMs', app, place)
          return this.idles.get(app) ?? STANDARD_MS
        },
      }),
      ...(has.has('finished') && { finished: (app, now, fn) => void this.write('finished', app, now, fn) }),
      ...(has.has('rose') && { rose: (app, now, inUse) => void this.write('rose', app, now, inUse) }),
      ...(has.has('save') && {
        save: (app) => {
          this.ask('save', app)
          return this.learnt.get(app)
        },
      }),
      ...(has.has('load') && {
        load: (app, state) => {
          this.learnt.set(app, state)
          this.tell({ load: app, state })
        },
      }),
      ...(has.has('saveAll') && {
        saveAll: () => {
          this.ask('saveAll', 0)
          return this.learntOfAll
        },
      }),
      ...(has.has('loadAll') && {
        loadAll: (state) => {
          this.learntOfAll = state
          this.tell({ load: null, state })
        },
      }),
    }
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    this.isClosed = true
    this.closing.abort()
    await this.thread?.end()
  }

  private async start(): Promise<PolicyThread> {
    const { code, params, context, originMs, names } = this.parts
    const { longestMs = LONGEST_CALL_MS, mostHeapMb = MOST_HEAP_MB } = this.parts
    const data = context()
    const onHeard = (said: Said): void => this.hear(said)
    const bounds = { longestMs, mostHeapMb }
    const thread = await startThread({ code, params, context: data, originMs, names, ...bounds, onHeard })
    this.written = 0
    this.named = 0
    while (this.named < data.apps && names.at(this.named) !== '') this.named += 1
    this.lates.length = 0
    this.leftMs = this.parts.answerMs
    this.thread = thread
    return thread
  }

  /** Keeps a thread running as long as the adapter lives. */
  private async keep(first: PolicyThread): Promise<void> {
    let thread: PolicyThread | undefined = first
    let waitMs = FIRST_RESTART_MS
    for (;;) {
      const since = performance.now()
      try {
        thread ??= await this.restart()
        await thread.ended
      } catch (error) {
        this.thread = undefined
        if (this.isClosed) return
        this.stand('away', error)
        if (performance.now() - since > HEALTHY_MS) waitMs = FIRST_RESTART_MS
      }
      thread = undefined
      await sleep(waitMs, undefined, { signal: this.closing.signal }).catch(() => undefined)
      if (this.isClosed) return
      waitMs = Math.min(2 * waitMs, MOST_RESTART_MS)
    }
  }

  /** Starts another thread, with what was last saved of what the policy had learnt. */
  private async restart(): Promise<PolicyThread> {
    const thread = await this.start()
    if (this.isClosed) await thread.end()
    if (this.learntOfAll !== undefined) this.tell({ load: null, state: this.learntOfAll })
    for (const [app, state] of this.learnt) if (state !== undefined) this.tell({ load: app, state })
    this.stand('answers')
    return thread
  }

  private stand(state: PolicyState, why?: unknown): void {
    this.standing = state
    this.reason = why === undefined ? null : String(why instanceof Error ? why.message : why)
    this.parts.watcher.policyStands?.(state, this.reason)
  }

  /**
   * Asks a question, and waits for the answer where it may; gives the answer's place, or -1 where there is none. Throws
   * what the policy threw.
   */
  private ask(method: Late['method'] | 'save' | 'saveAll', app: number, b = 0, c = 0): number {
    const call = this.write(method, app, b, c)
    if (call !== undefined && this.mayWait() && this.isDone(call)) {
      if (this.standing === 'late') this.stand('answers')
      return this.answerOf(call)
    }
    if (call !== undefined && method !== 'save' && method !== 'saveAll') this.lates.push({ call, method, app })
    this.parts.watcher.policyMissed?.(method === 'saveAll' ? null : app, method)
    return -1
  }

  /** Whether an answer may be waited for: enough waiting time is left, and a late policy has caught up. */
  private mayWait(): boolean {
    const { answerMs } = this.parts
    const now = performance.now()
    this.leftMs = Math.min(answerMs, this.leftMs + (now - this.leftAt) * WAITING_SHARE)
    this.leftAt = now
    if (this.standing === 'answers') {
      if (this.leftMs >= answerMs * LEAST_LEFT) return true
      const problem = `its answers took more than ${WAITING_SHARE * 100} % of the time`
      this.stand('late', new UserError({ where: this.parts.code.file, problem }))
      return false
    }
    // All but the question that was just written.
    return this.leftMs >= answerMs && beyond(this.written, Atomics.load(this.thread!.mailbox.counts, CALLS_DONE)) <= 1
  }

  /** Waits for a call to be done, for a limited time. */
  private isDone(call: number): boolean {
    const { counts } = this.thread!.mailbox
    for (let look = 0; look < LOOKS; look += 1) if (beyond(Atomics.load(counts, CALLS_DONE), call) >= 0) return true
    const from = performance.now()
    const mayMs = this.leftMs
    for (let done = Atomics.load(counts, CALLS_DONE); this.leftMs > 0; done = Atomics.load(counts, CALLS_DONE)) {
      if (beyond(done, call) >= 0) return true
      Atomics.wait(counts, CALLS_DONE, done, this.leftMs)
      this.leftMs = mayMs - (performance.now() - from)
    }
    if (beyond(Atomics.load(counts, CALLS_DONE), call) >= 0) return true
    const problem = `${this.inWords(call)} has not answered within ${Math.round(mayMs)} ms`
    this.stand('late', new UserError({ where: this.parts.code.file, problem }))
    return false
  }

  /** The call that the thread works on, while one up to `call` is not done. */
  private inWords(call: number): string {
    const { counts, places } = this.thread!.mailbox
    const done = Atomics.load(counts, CALLS_DONE)
    const place = callSlot(beyond(call, done) > 0 ? (done + 1) | 0 : call)
    const name = CALLS[places[place + METHOD]!]!
    const app = this.parts.names.at(places[place + ARGUMENTS]!)
    return name === 'take' || name === 'saveAll' || app === '' ? `${name}()` : `${name}() for the app ${app}`
  }

  /** The place of the answer to a call that is done. Throws what the call threw. */
  private answerOf(call: number): number {
    this.awaited = call
    this.failure = undefined
    this.thread!.hear()
    this.awaited = undefined
    if (this.failure !== undefined) throw this.failure
    return callSlot(call)
  }

  /** Remembers an answer as an app's last one. */
  private note(method: Late['method'], app: number, place: number): void {
    const { places } = this.thread!.mailbox
    const [first, second] = [places[place + ANSWER]!, places[place + ANSWER + 1]!]
    if (method === 'decide') this.windows.set(app, [first, second])
    else if (method === 'floor') this.floors.set(app, first)
    else if (method === 'lastKeepAliveMs') this.lastKeepAlives.set(app, first)
    else this.idles.set(app, first)
  }

  /** Takes late answers that have come since. */
  private noteLates(): void {
    const { lates } = this
    if (lates.length === 0) return
    const { counts, places } = this.thread!.mailbox
    const done = Atomics.load(counts, CALLS_DONE)
    let taken = 0
    for (const { call, method, app } of lates) {
      if (beyond(done, call) < 0) break
      taken += 1
      const place = callSlot(call)
      if (places[place + OUTCOME] !== FAILED) this.note(method, app, place)
    }
    lates.splice(0, taken)
  }

  private tell(told: ThreadMessage): void {
    this.thread?.tell(told)
    this.write('take', 0)
  }

  /** Writes a call; gives its number, or nothing where there is no thread or no room. */
  private write(method: ApartCall, app: number, b = 0, c = 0, d = 0): number | undefined {
    const { thread } = this
    if (thread === undefined) return undefined
    this.noteLates()
    if (method !== 'take') while (app >= this.named) this.name()
    const { counts, places } = thread.mailbox
    // A thread so far behind is in a call that does not end. It is ended soon.
    if (beyond(this.written, Atomics.load(counts, CALLS_DONE)) >= PLACES - 1) return undefined
    this.written = (this.written + 1) | 0
    const place = callSlot(this.written)
    places[place + METHOD] = CALLS.indexOf(method)
    places[place + ARGUMENTS] = app
    places[place + ARGUMENTS + 1] = b
    places[place + ARGUMENTS + 2] = c
    places[place + ARGUMENTS + 3] = d
    Atomics.store(counts, CALLS_WRITTEN, this.written)
    Atomics.notify(counts, CALLS_WRITTEN)
    return this.written
  }

  /** Gives the thread the name of an app that came later. */
  private name(): void {
    const app = this.named
    this.named += 1
    this.tell({ app, name: this.parts.names.at(app) })
  }

  private hear(said: Said): void {
    const { watcher } = this.parts
    if ('learnt' in said) {
      if (said.learnt === null) this.learntOfAll = said.state
      else this.learnt.set(said.learnt, said.state)
    } else if ('asks' in said) this.passOn(said.asks, said.at)
    else if (said.failed === this.awaited) this.failure = new UserError(said.why)
    else watcher.policyFailed?.(said.app, new UserError(said.why))
  }

  /** The policy wants to be asked again. The time that it names may already be past here. */
  private passOn(app: number, at: number): void {
    try {
      this.askAgain?.(app, Math.max(at, this.parts.now()))
    } catch (error) {
      this.parts.watcher.policyFailed?.(null, error)
    }
  }
}
