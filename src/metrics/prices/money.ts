import { exactSum } from '../../core/exact-sum.ts'
import type { FinishedRun, Money, Totals } from '../run.ts'
import { MB_PER_GB } from '../memory-time.ts'
import { billedSize, type PriceTable, pricePerSecond } from './price-table.ts'

/**
 * The money of a run, computed from its accounts: prices change no run. Sums are rounded once, so neither the order of
 * the apps nor how they were grouped changes a bit of them.
 */
export function moneyOf(run: Pick<FinishedRun, 'ledger' | 'memoryMb'>, totals: Totals, prices: PriceTable): Money {
  const { idleMbS, busyMbS, loadingMbS } = totals
  const { currency, residentGbS } = prices
  const residentMbS = exactSum([idleMbS, busyMbS, loadingMbS])
  return {
    currency,
    providerCost: residentGbS === null ? null : (residentMbS / MB_PER_GB) * residentGbS,
    userBill: exactSum([...charges(run, prices)]),
  }
}

/** What the user is charged, item by item. A dropped request was never served, and is not charged. */
function* charges({ ledger, memoryMb }: Pick<FinishedRun, 'ledger' | 'memoryMb'>, prices: PriceTable) {
  const { busyMs, loadingMs, idleMs, invocations, drops, apps } = ledger
  const { running, loading, idle, millionRequests, sizes } = prices
  for (let app = 0; app < apps; app += 1) {
    const size = billedSize(memoryMb[app]!, sizes)
    yield (busyMs[app]! / 1000) * pricePerSecond(running, size)
    yield (loadingMs[app]! / 1000) * pricePerSecond(loading, size)
    yield (idleMs[app]! / 1000) * pricePerSecond(idle, size)
    yield ((invocations[app]! - drops[app]!) / 1_000_000) * millionRequests
  }
}
