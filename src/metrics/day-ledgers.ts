import { DAY } from '../core/units.ts'
import type { Ledger } from '../engine/ledger.ts'
import { DAY_ACCOUNTS, type DayLedger, type Judged } from './run.ts'

/** The days of a judged part, each 24 h from the beginning of the trace; the first and the last may be cut. */
export function daysOf({ fromMs, toMs }: Judged): readonly Judged[] {
  const days: Judged[] = []
  for (let from = fromMs; from < toMs; from = days.at(-1)!.toMs) {
    days.push({ fromMs: from, toMs: Math.min(toMs, (Math.floor(from / DAY) + 1) * DAY) })
  }
  return days
}

/**
 * The accounts of each day, of ledgers whose accounts begin where the days do and go on to the end: what began to count
 * one day later is taken off. Sums of doubles differ by less than a microsecond, which becomes 0.
 */
export function dayLedgers(days: readonly Judged[], ledgers: readonly Ledger[]): readonly DayLedger[] {
  return days.map((day, index) => {
    const [ledger, next] = [ledgers[index]!, ledgers[index + 1]]
    const columns = DAY_ACCOUNTS.map((account) => {
      const column = ledger[account].map((value, app) => value - (next?.[account][app] ?? 0))
      return [account, column.map((value) => (Math.abs(value) < 1e-3 ? 0 : value))] as const
    })
    return { ...day, ...(Object.fromEntries(columns) as Record<(typeof DAY_ACCOUNTS)[number], Float64Array>) }
  })
}
