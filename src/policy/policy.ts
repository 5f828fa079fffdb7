import type { Described } from '../core/registry.ts'
import type { Contradiction, ParameterTable, ParameterValues } from './parameters.ts'

/** What a policy answers, once per idle period: both windows, counted from the moment the app went idle. */
export interface Windows {
  /** How long the app stays unloaded before it is loaded again, in ms. 0: do not unload. Infinity: do not load again. */
  prewarmMs: number
  /** How long it stays loaded: from the load when `prewarmMs` is above 0, else from the idle moment. May be Infinity. */
  keepAliveMs: number
}

/** A minimum of warm instances of an app, and until when it holds. */
export interface FloorAnswer {
  /** A whole number; instances that load or work count as well. */
  instances: number
  /** The next time to ask, later than now, in ms; Infinity: it never changes. */
  untilMs: number
}

/**
 * A stage that instances cool to once their windows are over: less of them is kept, and a load from there takes less time.
 * Layers of a container are such stages, and so are snapshots, or memory that is compressed or paged out.
 */
export interface Stage {
  /** Part of the app's memory that an instance holds in it, 0 to 1. */
  readonly memoryShare: number
  /** Part of the loading time that a load from it saves, 0 to 1. */
  readonly savedShare: number
}

/**
 * What becomes of an arrival that finds no instance with room while others of its app work or load: an instance is loaded
 * for it, it waits in the line of its app for the first that has room, or it waits and an instance is loaded beside it.
 */
export const WHEN_BUSY = ['load', 'wait', 'both'] as const
export type WhenBusy = (typeof WHEN_BUSY)[number]

/** A keep-alive policy at work: it hears facts and gives one answer; it does nothing itself. Apps are row numbers. */
export interface Policy {
  /**
   * The windows of an app are the same whatever happens, so {@link decide} may be asked once for each app, and of later
   * arrivals nothing need be told. Absent where that is not so; a policy that wraps another must not pass it on.
   */
  readonly neverLearns?: true
  /**
   * An arrival. `idleMs` is the idle time that it ended (end of the app's last running execution to now), or -1 if it
   * ended none: the app's first arrival, or the app was busy. `fn` is the function's row.
   */
  arrived(app: number, now: number, idleMs: number, fn: number): void
  /**
   * The first of `times` arrivals (1 or more) at `now`, each of which ends an idle time of `idleMs` and takes no time itself.
   * Hears of as many of them as the present answer still holds after, and of the one after which it may not; gives how many
   * that are, from 1 to `times`. The others are told later. For policies whose answer seldom changes while idle times repeat:
   * it must come to the same as {@link arrived} and {@link decide} for each. The functions are not told. Absent: each is.
   */
  arrivedAlike?(app: number, now: number, idleMs: number, times: number): number
  /**
   * The app went idle: fill `out` with its windows. Filled, not returned: no garbage in the hot loop. Also asked once when
   * the first instance of an app goes idle that has never been idle as a whole.
   */
  decide(app: number, now: number, out: Windows): void
  /**
   * The app's floor from `now` on: asked at the beginning of the trace, and then whenever an answer has run out. Instances
   * that are missing are loaded, and windows take none that the floor needs.
   */
  floor?(app: number, now: number, out: FloorAnswer): void
  /**
   * How long the last instance of an app stays after the app went idle, in ms, where that is longer than for the others:
   * asked after {@link decide}. Platforms spare that one; policies rarely do.
   */
  lastKeepAliveMs?(app: number, now: number): number
  /** An execution of function `fn` ended; only policies that measure per function need to hear it. */
  finished?(app: number, now: number, fn: number): void
  /**
   * An execution ended that had begun `waitedMs` after its arrival (loading is part of it) and took `tookMs`; told right after
   * {@link finished}. For policies that weigh waiting against work.
   */
  answered?(app: number, now: number, waitedMs: number, tookMs: number): void
  /**
   * An arrival finds no instance with room, and `instances` of its app (1 or more) work or load; `outstanding` invocations of the
   * app run or wait, this one among them. Absent: `load`. Not asked where the arrival may join a load (`whileLoading: join`).
   */
  whenBusy?(app: number, now: number, instances: number, outstanding: number): WhenBusy
  /** The number of the app's instances that work, or load for an arrival, rose to `inUse`. */
  rose?(app: number, now: number, inUse: number): void
  /**
   * An instance became idle while `inUse` others of its app (1 or more) stay in use: how long this one stays, in ms, 0 to
   * Infinity. With this method every idle instance has an end of its own, and {@link decide} answers for the last instance
   * alone: a pre-warming window above 0 unloads just that one. `reuse: oldest` and `renew: off` contradict it and are refused.
   */
  keepIdleMs?(app: number, now: number, inUse: number): number
  /**
   * The window of an instance is over, and it cools: fill `out[stage]` with how long it stays in each stage of the
   * world, which the definition's `world` names, in ms, 0 to Infinity, one after the other; 0 passes a stage over. After the last it is gone.
   */
  cool?(app: number, now: number, out: Float64Array): void
  /**
   * The kind of an app in a stage, a whole number of at least 0: what is in the stage of any app of that kind, a load of any
   * other may begin from. Asked once per app and stage. Absent: of its own app alone. Only with the scope `fleet`.
   */
  kindOf?(app: number, stage: number): number
  /** What was learnt of one app, as plain JSON; undefined when nothing was. */
  save?(app: number): unknown
  /** Takes back what {@link save} gave. */
  load?(app: number, state: unknown): void
  /** What was learnt across apps, as plain JSON; for policies of the scope `fleet`. */
  saveAll?(): unknown
  /** Takes back what {@link saveAll} gave. */
  loadAll?(state: unknown): void
}

/** Idle times of an app in their order, those that are equal and follow each other as one run. Nobody writes to the columns. */
export interface IdleRuns {
  /** By run: the idle time in ms, and how many of them there are. */
  readonly idleMs: Float64Array
  readonly times: Uint32Array
  /** The run that the next idle time is of, and how many of it have gone by. */
  readonly run: number
  readonly nth: number
}

/**
 * A policy that hears of idle times as they lie in memory, which is the same for all runs over a trace: for policies of this
 * project alone. A policy that wraps another does not pass it on.
 */
export interface HearsRuns {
  /**
   * The same as {@link Policy.arrivedAlike} of the next `most` arrivals (1 or more), of which the first is at `now`; their idle
   * times need not be equal, and they may take time, of which the policy is not told.
   */
  arrivedInRuns(app: number, now: number, runs: IdleRuns, most: number): number
}

/** Tells the time of the week, which repeats from Monday's midnight on. */
export interface WeekClock {
  /** Ms since Monday's midnight at a time of the driver, by the clocks of a time zone (IANA), or of the machine's own. */
  sinceMonday(now: number, timeZone?: string): number
}

/** What a policy is told of the trace and driver it will work for. Columns are copies: writing to them changes nothing. */
export interface PolicyContext {
  readonly apps: number
  readonly functions: number
  /** No fact will come later than this; Infinity where that is not known, as in front of live containers. */
  readonly horizonMs: number
  /** The apps' names by their row; absent where they have none. */
  readonly appNames?: { at(app: number): string }
  /** MB per app. */
  readonly memoryMb: Float64Array
  /** How long loading each app takes, in ms, where that is known before; 0 where loading takes no time. */
  readonly coldStartMs: Float64Array
  /** Index into TRIGGERS per function. */
  readonly trigger: Uint8Array
  /** The row of its app per function. */
  readonly functionApp: Uint32Array
  /** The functions' names by their row; absent where they have none. */
  readonly functionNames?: { at(fn: number): string }
  readonly seed: number
  /**
   * Has an app asked at the time `at`, in ms, not before now; of several times the earliest counts. Then its floor is asked
   * for again, if the policy has floors, and, if the app is not in use at that time, {@link Policy.decide} with `now = at`,
   * whose windows count from `at`: a pre-warming window of 0 loads it at once where it is not loaded, and that load is a
   * pre-warm. An arrival before `at` does not cancel it; of an app that is in use at `at` only the floor is asked. So one
   * app can be pre-loaded because another was invoked (with the scope `fleet`), and a control loop can hold instances by
   * demand. Absent where the driver has no such timer.
   */
  readonly askAgain?: (app: number, at: number) => void
  /** Tells the time, where the driver's time is that of the world; absent where it is a trace's. */
  readonly clock?: WeekClock
}

/** A part of each node's memory, for apps of a size. */
export interface MemoryPool {
  /** Apps of at most so many MB are loaded in it, if in none before it; Infinity for the last one. */
  readonly upToMb: number
  /** Its part of each node's memory, 0 to 1; those of all pools are 1 together. */
  readonly share: number
}

/** How a world is run for a policy whose idea is just that; whatever the model says of it. */
export interface WorldChoice {
  /** Which idle instance takes an arrival. */
  readonly reuse?: 'newest' | 'oldest'
  /** Parts that the memory of a cluster's nodes is divided into; worlds without limited memory know none. */
  readonly pools?: readonly MemoryPool[]
  /** What instances cool to when their windows are over, the warmest first, at most two; the policy then has `cool`. */
  readonly stages?: readonly Stage[]
  /** Invocations may wait in the line of their app ({@link Policy.whenBusy}), which live calls do not. */
  readonly lines?: true
}

/** A policy as it is listed: everything that the command, the validation and the docs need to know of it. */
export interface PolicyDefinition<T extends ParameterTable = ParameterTable> extends Described {
  /** Where it was published; absent for a user's own. */
  readonly paper?: string
  /** What it does differently from that, each a sentence. */
  readonly departures?: readonly string[]
  readonly parameters: T
  /** `app`: depends on that app's own history only, so apps may be replayed one by one; `fleet`: learns across apps. */
  readonly scope: 'app' | 'fleet'
  /** Its answer is always not to unload, whatever happened: it need not be asked. */
  readonly neverUnloads?: true
  /** Facts a trace must offer: `memory`, `duration`, `trigger`, `coldStart`, `arrivalTime`. */
  readonly needs: readonly string[]
  /** What it demands of the world that it works in. */
  world?(params: ParameterValues<T>): WorldChoice
  /** Whether it draws at random with these parameters, so that seeds make different runs; absent: it never does. */
  draws?(params: ParameterValues<T>): boolean
  /** What is wrong with parameters that do not go together; asked before any run, of a trace that need not be known yet. */
  contradiction?(params: ParameterValues<T>): Contradiction | undefined
  create(params: ParameterValues<T>, context: PolicyContext): Policy
}

/** Gives a definition its parameter types; no more than that, so a plain object of the same shape serves as well. */
export function definePolicy<const T extends ParameterTable>(definition: PolicyDefinition<T>): PolicyDefinition<T> {
  return definition
}
