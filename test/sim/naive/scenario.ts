import type { Policy, Stage } from '../../../src/policy/policy.ts'

/** One invocation. */
export interface NaiveArrival {
  readonly app: number
  readonly fn: number
  readonly at: number
  /** How long it runs. */
  readonly takes: number
}

export interface NaiveCluster {
  /** MB of each node, in whole 1/64 MB. */
  readonly nodes: readonly number[]
  readonly placement: 'first-fit' | 'least-loaded' | 'round-robin'
  /** The one that has been idle for longest goes first, or the largest. */
  readonly eviction: 'lru' | 'size'
  readonly queues: boolean
  /** How long an invocation waits at most; Infinity: for ever. */
  readonly queueLimit: number
}

/** All that a naive simulation is told. Times are ms, memory is whole 1/64 MB. */
export interface NaiveScenario {
  readonly end: number
  /** Accounts begin here. */
  readonly from: number
  /** Whether what is pending at the end still happens. */
  readonly expires: boolean
  readonly apps: number
  /** In the order of the trace: by time, and at one time as they came. */
  readonly arrivals: readonly NaiveArrival[]
  /** How long a load takes, per app; and what an instance takes up. */
  readonly loadMs: readonly number[]
  readonly size: readonly number[]
  readonly concurrency: number
  readonly takesOldest: boolean
  readonly joins: boolean
  readonly renews: boolean
  readonly warmAtStart: boolean
  readonly cluster: NaiveCluster | null
  /** What instances cool to when their windows are over; none: nothing is left of them. */
  readonly stages: readonly Stage[]
  policy(askAgain: (app: number, at: number) => void): Policy
}

export const NAIVE_ACCOUNTS = [
  'invocations',
  'coldStarts',
  'joined',
  'drops',
  'first',
  'expired',
  'early',
  'evicted',
  'scaleOut',
  'loads',
  'prewarms',
  'prewarmsUnused',
  'evictions',
  'idleMs',
  'busyMs',
  'loadingMs',
  'waits',
  'waitingMs',
  'fromStage1',
  'fromStage2',
  'loadMs1',
  'loadMs2',
  'cooledMs',
] as const
export type NaiveAccount = (typeof NAIVE_ACCOUNTS)[number]

export interface NaiveResult {
  readonly accounts: readonly Record<NaiveAccount, number>[]
  /** Stretches of time in which an instance was loaded. */
  readonly residences: readonly {
    readonly app: number
    readonly from: number
    readonly to: number
    /** Part of the app's memory. */
    readonly share: number
  }[]
  /** Per invocation that was served: what it waited for room, what for a load, and how long it ran. */
  readonly served: readonly {
    readonly app: number
    readonly waited: number
    readonly loading: number
    readonly takes: number
  }[]
  /** Whether timers of two apps were ever due at once in a cluster: then another order of them is as right. */
  readonly isAmbiguous: boolean
}
