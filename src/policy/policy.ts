import type { Described } from '../core/registry.ts'
import type { ParameterTable, ParameterValues } from './parameters.ts'

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

/** A keep-alive policy at work: it hears facts and gives one answer; it does nothing itself. Apps are row numbers. */
export interface Policy {
  /**
   * An arrival. `idleMs` is the idle time that it ended (end of the app's last running execution to now), or -1 if it
   * ended none: the app's first arrival, or the app was busy. `fn` is the function's row.
   */
  arrived(app: number, now: number, idleMs: number, fn: number): void
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
  /** What was learnt of one app, as plain JSON; undefined when nothing was. */
  save?(app: number): unknown
  /** Takes back what {@link save} gave. */
  load?(app: number, state: unknown): void
}

/** Tells the time of the week, which repeats from Monday's midnight on. */
export interface WeekClock {
  /** Ms since Monday's midnight at a time of the driver, by the clocks of a time zone (IANA), or of the machine's own. */
  sinceMonday(now: number, timeZone?: string): number
}

/** What a policy is told of the trace and driver it will work for. */
export interface PolicyContext {
  readonly apps: number
  readonly functions: number
  /** No fact will come later than this; Infinity where that is not known, as in front of live containers. */
  readonly horizonMs: number
  /** The apps' names by their row; absent where they have none. */
  readonly appNames?: { at(app: number): string }
  /** MB per app. */
  readonly memoryMb: Float64Array
  /** Index into TRIGGERS per function. */
  readonly trigger: Uint8Array
  readonly seed: number
  /** Tells the time, where the driver's time is that of the world; absent where it is a trace's. */
  readonly clock?: WeekClock
}

/** A policy as it is listed: everything that the command, the validation and the docs need to know of it. */
export interface PolicyDefinition<T extends ParameterTable = ParameterTable> extends Described {
  /** Where it was published; absent for a user's own. */
  readonly paper?: string
  readonly parameters: T
  /** `app`: depends on that app's own history only, so apps may be replayed one by one; `fleet`: learns across apps. */
  readonly scope: 'app' | 'fleet'
  /** Its answer is always not to unload, whatever happened: it need not be asked. */
  readonly neverUnloads?: true
  /** Facts a trace must offer: `memory`, `duration`, `trigger`, `coldStart`, `arrivalTime`. */
  readonly needs: readonly string[]
  create(params: ParameterValues<T>, context: PolicyContext): Policy
}

/** Gives a definition its parameter types; no more than that, so a plain object of the same shape serves as well. */
export function definePolicy<const T extends ParameterTable>(definition: PolicyDefinition<T>): PolicyDefinition<T> {
  return definition
}
