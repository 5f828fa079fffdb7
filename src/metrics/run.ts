import type { Calendar } from '../core/calendar.ts'
import type { Latency } from '../engine/latency.ts'
import { type Account, type Ledger, MARKED_ACCOUNTS, type Reason, type StageAccount } from '../engine/ledger.ts'

export { type Reason, REASONS } from '../engine/ledger.ts'

/** A finished run: what was simulated, and its accounts. */
export interface FinishedRun {
  /** What people call it; nothing is found by it but what a person asks for. */
  readonly label: string
  /** Id of its policy with all parameters: runs of one variant differ in nothing but world and seed. */
  readonly variant: string
  /** Id of the policy. */
  readonly policy: string
  /** SHA-256 (hex) of the file of a policy of the user's own. */
  readonly policyFile?: string
  /** Every parameter in force; durations in ms. */
  readonly params: Readonly<Record<string, unknown>>
  /** Every model option in force. */
  readonly model: Readonly<Record<string, unknown>>
  /** The same as an experiment spells them. */
  readonly spelt: Spelt
  readonly seed: number
  /** Whether its policy or its world draws anything at random: else all seeds give the same. */
  readonly draws: boolean
  /**
   * The longest window among its policy's parameters, in ms; 0 where none of them is a window, or none is finite. Null where
   * that is not known of a policy of the user's own.
   */
  readonly windowMs: number | null
  /** SHA-256 (hex) of everything that the result depends on. */
  readonly digest: string
  /** The version of the package that ran it. */
  readonly version: string
  /** Null where it was judged on the whole trace. */
  readonly judged: Judged | null
  /** The accounts day by day, which add up to the ledger; null where the whole trace was judged. */
  readonly days: readonly DayLedger[] | null
  readonly ledger: Ledger
  /** MB that each app was charged for while loaded. */
  readonly memoryMb: Float64Array
  readonly horizonMs: number
  /** How long the simulation took. */
  readonly wallMs: number
}

/** Parameters and options as an experiment spells them, durations with their unit: what is printed can be typed again. */
export interface Spelt {
  readonly params: Readonly<Record<string, string>>
  readonly model: Readonly<Record<string, string>>
}

/** The part of the trace that a run was judged on, in ms from its beginning; policies learnt before it. */
export interface Judged {
  readonly fromMs: number
  readonly toMs: number
}

/** Accounts that are kept for each day. */
export const DAY_ACCOUNTS = MARKED_ACCOUNTS

/** Some accounts of one judged day, or of what of it was judged: one row per app. */
export interface DayLedger extends Judged, Readonly<Record<(typeof DAY_ACCOUNTS)[number], Float64Array>> {}

/** What a comparison says of the trace. */
export interface TraceSummary extends Calendar {
  readonly id: string
  readonly format: string
  readonly digest: string
  readonly apps: number
  readonly functions: number
  readonly invocations: number
  readonly horizonMs: number
}

/** Sums over all apps: the accounts that are not reasons, and the memory times in MB·s. */
export type Totals = Readonly<Record<Exclude<Account, Reason> | 'idleMbS' | 'busyMbS' | 'loadingMbS', number>>

/** Sums over all apps of the accounts of stages, and the memory time in stages, which is part of `idleMbS`, in MB·s. */
export type StageTotals = Readonly<Record<StageAccount | 'cooledMbS', number>>

/** Quantiles of a latency in ms: nearest rank, within 0.4 % (core/log-bins). */
export type LatencyQuantiles = Readonly<Record<'p50' | 'p90' | 'p95' | 'p99' | 'p99.9' | 'max', number>>
/** What a run costs at the prices of one table. */
export interface Money {
  /** ISO 4217 code. */
  readonly currency: string
  /** All memory while it was loaded, at what it costs whoever runs the platform; null where the table does not say. */
  readonly providerCost: number | null
  /** What the platform charges the user. */
  readonly userBill: number
}

/** A judged day in numbers. */
export interface DayTotals extends Judged {
  readonly invocations: number
  readonly coldStarts: number
  readonly drops: number
  readonly idleMbS: number
}

/** One run in numbers, but for the metrics that are made of them. */
export interface RunFigures {
  readonly label: string
  readonly variant: string
  readonly policy: string
  readonly params: Readonly<Record<string, unknown>>
  readonly model: Readonly<Record<string, unknown>>
  readonly spelt: Spelt
  readonly seed: number
  readonly digest: string
  readonly version: string
  readonly judged: Judged | null
  /** Sums over all apps of each judged day; null where the whole trace was judged. */
  readonly days: readonly DayTotals[] | null
  readonly totals: Totals
  /** Absent where no instance cooled. */
  readonly stages?: StageTotals
  readonly reasons: Readonly<Record<Reason, number>>
  /** Cold starts over invocations, 0 to 1; 0 when nothing was invoked. */
  readonly coldShare: number
  readonly perApp: {
    /** Quantiles over the apps that were invoked of their cold-start share. */
    readonly coldShare: Readonly<Record<'p25' | 'p50' | 'p75' | 'p90' | 'p99', number>>
    /** Apps whose every invocation was cold. */
    readonly alwaysCold: number
    /** The same without the apps invoked once. */
    readonly alwaysColdRepeated: number
  }
  /** Quantiles over the invocations that were served; null in a world without time, and where none was served. */
  readonly latency: Readonly<Record<Latency, LatencyQuantiles>> | null
  /** Against the baseline run; null where the baseline's figure is 0. */
  readonly relative: { readonly idleMbS: number | null; readonly coldStarts: number | null }
  /** At the prices of the comparison; null where it has none. */
  readonly money: Money | null
  readonly wallMs: number
  readonly charts: {
    /** The cold-start share over apps at the quantiles 0, 0.005, …, 1. */
    readonly coldShareQuantiles: readonly number[]
    /** Mean MB loaded per bucket. */
    readonly loadedMb: readonly number[]
    readonly bucketMs: number
  }
}

/** What a metric is made of: a run's figures, and everything that they are made of. */
export interface MeasuredRun extends RunFigures {
  /** The accounts of every app. */
  readonly ledger: Ledger
  /** Some of them day by day; null where the whole trace was judged. */
  readonly dayLedgers: readonly DayLedger[] | null
  /** MB that each app was charged for while loaded. */
  readonly memoryMb: Float64Array
  readonly horizonMs: number
  /** The baseline's run in the same world; null where there is none. */
  readonly baseline: Omit<MeasuredRun, 'baseline'> | null
}
