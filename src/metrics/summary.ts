import { exactSum } from '../core/exact-sum.ts'
import {
  ACCOUNTS,
  type Account,
  type Ledger,
  loadedMb,
  REASONS,
  type Reason,
  STAGE_ACCOUNTS,
  type StageAccount,
} from '../engine/ledger.ts'
import type { DayLedger, DayTotals, FinishedRun, RunFigures, StageTotals, Totals } from './run.ts'
import { latencyOf } from './latency-quantiles.ts'
import { memoryTimeMbS } from './memory-time.ts'
import { moneyOf } from './prices/money.ts'
import type { PriceTable } from './prices/price-table.ts'
import { quantiles } from './quantile.ts'

/** One run in numbers, before it is compared with a baseline. */
export type LoneSummary = Omit<RunFigures, 'relative'>

const CHART_PROBABILITIES = Array.from({ length: 201 }, (_, step) => step / 200)

/**
 * The figures of one run, with its money where there are prices. Every total is rounded once, so neither the order of the apps nor how they were grouped
 * changes a bit of it. Throws where an app's memory is no number: such a run must not be summed.
 */
export function summarise(run: Omit<FinishedRun, 'draws' | 'windowMs'>, prices: PriceTable | null = null): LoneSummary {
  const { label, variant, policy, params, model, spelt, seed, judged, digest, version, ledger, horizonMs, wallMs } = run
  const totals = totalsOf(run)
  const shares = coldShares(ledger)
  const [p25 = 0, p50 = 0, p75 = 0, p90 = 0, p99 = 0] = quantiles(shares, [0.25, 0.5, 0.75, 0.9, 0.99])
  return {
    label,
    variant,
    policy,
    params,
    model,
    spelt,
    seed,
    digest,
    version,
    judged,
    days: run.days?.map((day) => dayTotals(day, run.memoryMb)) ?? null,
    totals,
    ...stagesOf(run),
    reasons: sums(ledger, REASONS),
    coldShare: totals.invocations === 0 ? 0 : totals.coldStarts / totals.invocations,
    perApp: {
      coldShare: { p25, p50, p75, p90, p99 },
      alwaysCold: alwaysCold(ledger, 1),
      alwaysColdRepeated: alwaysCold(ledger, 2),
    },
    latency: ledger.latency === null ? null : latencyOf(ledger.latency),
    money: prices === null ? null : moneyOf(run, totals, prices),
    wallMs,
    charts: {
      coldShareQuantiles: quantiles(shares, CHART_PROBABILITIES),
      loadedMb: [...loadedMb(ledger.timeline, horizonMs)],
      bucketMs: ledger.timeline.bucketMs,
    },
  }
}

function dayTotals(day: DayLedger, memoryMb: Float64Array): DayTotals {
  const { fromMs, toMs, invocations, coldStarts, drops, idleMs } = day
  return {
    fromMs,
    toMs,
    invocations: exactSum(invocations),
    coldStarts: exactSum(coldStarts),
    drops: exactSum(drops),
    idleMbS: exactSum(idleMs.map((ms, app) => memoryTimeMbS(ms, memoryMb[app]!))),
  }
}

function totalsOf({ ledger, memoryMb, label }: Pick<FinishedRun, 'ledger' | 'memoryMb' | 'label'>): Totals {
  const unknown = memoryMb.findIndex((mb) => !Number.isFinite(mb))
  if (unknown !== -1) throw new Error(`run "${label}": the memory of row ${unknown} is ${memoryMb[unknown]}`)
  const accounts = ACCOUNTS.filter(
    (account): account is Exclude<Account, Reason> => !REASONS.includes(account as Reason),
  )
  const mbS = (column: Float64Array): number => exactSum(column.map((ms, app) => memoryTimeMbS(ms, memoryMb[app]!)))
  return {
    ...sums(ledger, accounts),
    idleMbS: mbS(ledger.idleMs),
    busyMbS: mbS(ledger.busyMs),
    loadingMbS: mbS(ledger.loadingMs),
  }
}

/** Where no instance cooled there is nothing to tell. */
function stagesOf({ ledger, memoryMb }: Pick<FinishedRun, 'ledger' | 'memoryMb'>): { readonly stages?: StageTotals } {
  const totals = sums(ledger, STAGE_ACCOUNTS)
  if (Object.values(totals).every((total) => total === 0)) return {}
  const cooledMbS = exactSum(ledger.cooledMs.map((ms, app) => memoryTimeMbS(ms, memoryMb[app]!)))
  return { stages: { ...totals, cooledMbS } }
}

function sums<A extends Account | StageAccount>(ledger: Ledger, accounts: readonly A[]): Record<A, number> {
  return Object.fromEntries(accounts.map((account) => [account, exactSum(ledger[account])])) as Record<A, number>
}

/** The cold-start share of each app that was invoked. */
function coldShares({ invocations, coldStarts }: Ledger): Float64Array {
  return coldStarts.map((cold, app) => cold / invocations[app]!).filter((_, app) => invocations[app]! > 0)
}

/** Apps with at least so many invocations, all of them cold starts. */
function alwaysCold({ invocations, coldStarts }: Ledger, atLeast: number): number {
  let apps = 0
  for (const [app, count] of invocations.entries()) if (count >= atLeast && coldStarts[app] === count) apps += 1
  return apps
}
