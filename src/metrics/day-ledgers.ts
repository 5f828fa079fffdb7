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
 * The accounts of each day, of a ledger whose accounts begin with the first and are marked where every other begins: what
 * was counted by its beginning is taken off. Sums of doubles differ by less than a microsecond, which becomes 0.
 */
export function dayLedgers(days: readonly Judged[], ledger: Ledger): readonly DayLedger[] {
  const { marks } = ledger
  return days.map((day, index) => {
    const [before, end] = [marks[index - 1], marks[index] ?? ledger]
    const columns = DAY_ACCOUNTS.map((account) => {
      const column = end[account].map((value, app) => value - (before?.[account][app] ?? 0))
      return [account, column.map((value) => (Math.abs(value) < 1e-3 ? 0 : value))] as const
    })
    return { ...day, ...(Object.fromEntries(columns) as Record<(typeof DAY_ACCOUNTS)[number], Float64Array>) }
  })
}
