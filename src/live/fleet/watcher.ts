import type { Reason } from '../../engine/ledger.ts'
import type { Fault } from '../fault.ts'
import type { Call } from '../instance/contract.ts'

/** One invocation from its arrival to its answer. Times are ms of the fleet's clock; durations have fractions. */
export interface Visit {
  readonly app: number
  readonly fn: number
  readonly call: Call
  readonly arrivedAt: number
  readonly endedAt: number
  /** WARM, COLD, JOINED or REFUSED, and why it was not warm. */
  readonly outcome: number
  readonly reason?: Reason
  /** Whether it waited for room. */
  readonly waits?: true
  /** Waiting until it ran, of which the adapter's decision took `decidedMs`; and running, as the adapter saw it. */
  readonly waitedMs: number
  readonly decidedMs: number
  readonly ranMs: number
  /** What the caller got. */
  readonly status: number
  readonly fault?: Fault
}

/** One instance from the order to start it to its end. */
export interface Stay {
  readonly app: number
  readonly orderedAt: number
  /** When it was ready; null when it never was. */
  readonly readyAt: number | null
  /** When its program had ended. */
  readonly goneAt: number
  /** How long its start took, in parts: waiting for its turn, creating and starting, becoming ready. */
  readonly waitMs: number
  readonly createMs: number
  readonly readyMs: number
}

/** How a policy in a thread of its own does: it answers, or is late, or its thread is away. */
export type PolicyState = 'answers' | 'late' | 'away'

/** Who wants to know what the adapter does: metrics, logs, recorders. Called in the middle of its work: must be quick. */
export interface Watcher {
  visited?(visit: Visit): void
  /** An instance can take calls, after so long. */
  started?(app: number, tookMs: number): void
  /** An instance is gone, and its memory with it. */
  stayed?(stay: Stay): void
  /** An instance failed, of itself. */
  failed?(app: number, fault: Fault, output: string): void
  decided?(app: number, now: number, prewarmMs: number, keepAliveMs: number): void
  /**
   * The policy threw an error, or its answer is not a pair of windows. The app got the standard keep-alive instead. Null
   * where the policy was asked about all apps together.
   */
  policyFailed?(app: number | null, error: unknown): void
  /** A policy in a thread of its own gave no answer in time; the app's last one stood in. Null as above. */
  policyMissed?(app: number | null, method: string): void
  /** How such a policy does from now on, and why it does not answer; null where it does. */
  policyStands?(state: PolicyState, why: string | null): void
  /** A timer of an app's windows was fired, so long after it was due. */
  fired?(app: number, rank: number, dueMs: number, lateMs: number): void
}

/** Several watchers as one. */
export function watchers(all: readonly Watcher[]): Watcher {
  return {
    visited: (visit) => all.forEach((each) => each.visited?.(visit)),
    started: (app, tookMs) => all.forEach((each) => each.started?.(app, tookMs)),
    stayed: (stay) => all.forEach((each) => each.stayed?.(stay)),
    failed: (app, fault, output) => all.forEach((each) => each.failed?.(app, fault, output)),
    decided: (app, now, prewarmMs, keepAliveMs) =>
      all.forEach((each) => each.decided?.(app, now, prewarmMs, keepAliveMs)),
    policyFailed: (app, error) => all.forEach((each) => each.policyFailed?.(app, error)),
    policyMissed: (app, method) => all.forEach((each) => each.policyMissed?.(app, method)),
    policyStands: (state, why) => all.forEach((each) => each.policyStands?.(state, why)),
    fired: (app, rank, dueMs, lateMs) => all.forEach((each) => each.fired?.(app, rank, dueMs, lateMs)),
  }
}
