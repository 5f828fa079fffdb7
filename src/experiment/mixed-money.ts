import { exactSum } from '../core/exact-sum.ts'
import type { FinishedRun, Money } from '../metrics/run.ts'
import { billedSize, type PriceTable, pricePerSecond } from '../metrics/prices/price-table.ts'
import type { HeldTime } from './held-time.ts'

/** A platform's prices: for what is used on demand, and for instances that are held whether they are used or not. */
export interface MixedPrices {
  readonly onDemand: PriceTable
  readonly held: PriceTable
}

/**
 * What the user is charged for a run of which instances were held: those at the price of held ones, in use or not, all
 * other use on demand, loads that somebody waited for as far as they are billed, and requests. Held instances are not
 * charged for loading: they are from the moment on at which they are asked for.
 */
function mixedBill(
  { ledger, memoryMb }: Pick<FinishedRun, 'ledger' | 'memoryMb'>,
  { heldMs, usedMs }: HeldTime,
  prices: MixedPrices,
): number {
  return exactSum([...charges(ledger, memoryMb, { heldMs, usedMs }, prices)])
}

function* charges(
  { apps, busyMs, loadingMs, idleMs, coldStarts, loads, invocations, drops }: FinishedRun['ledger'],
  memoryMb: Float64Array,
  { heldMs, usedMs }: HeldTime,
  { onDemand, held }: MixedPrices,
) {
  for (let app = 0; app < apps; app += 1) {
    const [size, heldSize] = [billedSize(memoryMb[app]!, onDemand.sizes), billedSize(memoryMb[app]!, held.sizes)]
    const used = Math.min(usedMs[app]!, busyMs[app]!)
    const unused = Math.max(0, heldMs[app]! - used)
    const waitedFor = loads[app] === 0 ? 0 : coldStarts[app]! / loads[app]!
    yield (used / 1000) * pricePerSecond(held.running, heldSize)
    yield (unused / 1000) * pricePerSecond(held.idle, heldSize)
    yield ((busyMs[app]! - used) / 1000) * pricePerSecond(onDemand.running, size)
    yield ((loadingMs[app]! * waitedFor) / 1000) * pricePerSecond(onDemand.loading, size)
    yield (Math.max(0, idleMs[app]! - unused) / 1000) * pricePerSecond(onDemand.idle, size)
    yield ((invocations[app]! - drops[app]!) / 1_000_000) * onDemand.millionRequests
  }
}

/** The money of a run at mixed prices; what it costs whoever runs the platform is as the on-demand table says. */
export function mixedMoney(
  run: Pick<FinishedRun, 'ledger' | 'memoryMb'>,
  held: HeldTime,
  prices: MixedPrices,
  money: Money,
): Money {
  return { ...money, currency: prices.onDemand.currency, userBill: mixedBill(run, held, prices) }
}
