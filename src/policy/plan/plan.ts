import { type Floor, NO_FLOOR } from './floor.ts'

/**
 * A loop that holds instances by the concurrency of late, as Knative's autoscaler does; see `PodAutoscaler`. Windows only
 * say about how long it keeps what is idle.
 */
export interface AutoscalerRules {
  /** The stable window, over which concurrency is averaged, in ms. */
  readonly stableMs: number
  /** The most that was wanted in so many ms is held. */
  readonly downDelayMs: number
  /** How long the last instance stays after none is wanted, in ms. */
  readonly graceMs: number
  /** Executions at a time that one instance is to have; absent: what an instance takes in the model. */
  readonly target?: number
}

/** What keeps one app warm: its two windows, and a minimum of instances by the clock. */
export interface AppRules {
  /** How long the app stays unloaded after it went idle before it is loaded again, in ms; see `Windows`. */
  readonly prewarmMs: number
  /** How long an idle instance stays loaded, in ms; Infinity: for ever. */
  readonly keepAliveMs: number
  /**
   * How long the app's last instance stays instead, in ms, at least `keepAliveMs`, where a platform spares only that
   * one. Absent: `keepAliveMs` as for all others.
   */
  readonly lastKeepAliveMs?: number
  /** A minimum of warm instances that is part of the policy. */
  readonly floor: Floor
  /**
   * The minimum while calls keep the app awake: from an arrival until the time of the last instance has passed after the
   * last execution. At least `floor` at every minute. Absent: the same.
   */
  readonly awakeFloor?: Floor
  /** Present where a loop and not the windows decides what stays; the floor is its minimum. */
  readonly autoscaler?: AutoscalerRules
}

/** How much a plan's windows can be trusted. */
export interface Evidence {
  /** Idle times that the policy heard of. */
  readonly idleTimes: number
  /** Days of the trace on which they ended. */
  readonly days: number
  /** Shortest and longest of both windows together, in ms, among the answers of the second half of the trace. */
  readonly shortestMs: number
  readonly longestMs: number
  /** Most instances that executed at once. */
  readonly peakInstances: number
  /** How long an execution took on average, in ms; 0 where executions take no time or there were none. */
  readonly meanMs: number
}

/** A function of an app, and what sets it off, as the trace says; see `TRIGGERS` of traces. */
export interface PlannedFunction {
  readonly name: string
  readonly trigger: string
  readonly invocations: number
}

/** What a policy settled on for one app. */
export interface AppPlan extends AppRules {
  /** The app's name in the trace. */
  readonly app: string
  /** MB while loaded. */
  readonly memoryMb: number
  /** Invocations that one instance serves at a time; Infinity: any number. */
  readonly concurrency: number
  /** Its functions; none where a plan does not know them. */
  readonly functions: readonly PlannedFunction[]
  readonly evidence: Evidence
  /**
   * A minimum of warm instances by the clock, which replaces the windows on a platform that has none. It is at least `floor`
   * at every minute, and equal to it where no more was asked for.
   */
  readonly schedule: Floor
}

/** What a policy settled on after a run, as plain data that can be exported, kept, and simulated. */
export interface Plan {
  readonly schema: 1
  /** The policy that it comes from, with every parameter in force. */
  readonly policy: { readonly id: string; readonly params: Readonly<Record<string, number | string | boolean>> }
  /** IANA name of the time zone in which floors tell the time. */
  readonly timeZone: string
  /** Minutes from Monday's midnight, in that zone, to the moment at which the trace's time begins: 0 to 10,079. */
  readonly startMinute: number
  readonly apps: readonly AppPlan[]
}

/** The rules of an app that is dropped as soon as it is idle. */
export const NO_RULES: AppRules = { prewarmMs: 0, keepAliveMs: 0, floor: NO_FLOOR }
