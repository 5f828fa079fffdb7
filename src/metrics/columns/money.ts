import { DAY } from '../../core/units.ts'
import { formatMoney } from '../figure-text.ts'
import type { Metric } from '../metric.ts'
import type { PriceTable } from '../prices/price-table.ts'
import type { MeasuredRun } from '../run.ts'

/** With prices, money is in their currency; without, there is nothing to show. */
function inCurrency(prices: PriceTable | null): Partial<Pick<Metric, 'unit'>> {
  return prices === null ? {} : { unit: prices.currency }
}

/** What a month costs is a headline. */
function aMonth(prices: PriceTable | null): Partial<Pick<Metric, 'unit' | 'headline'>> {
  return prices === null ? {} : { unit: prices.currency, headline: true }
}

const MONTH = 30 * DAY

/** What money of the judged time comes to in 30 days of the same. */
function perMonth(money: number | null | undefined, { judged, horizonMs }: MeasuredRun): number | null {
  const span = judged === null ? horizonMs : judged.toMs - judged.fromMs
  return money === null || money === undefined || span === 0 ? null : (money * MONTH) / span
}

export const providerCost: Metric = {
  id: 'provider-cost',
  summary: 'All memory while it was loaded, at the price of memory that is kept ready.',
  heading: 'provider cost',
  unit: 'currency',
  better: 'lower',
  headline: false,
  within: inCurrency,
  of: ({ money }) => money?.providerCost ?? null,
  format: formatMoney,
}

export const userBill: Metric = {
  id: 'user-bill',
  summary: 'What the platform charges the user for running, loading, idle instances and requests.',
  heading: 'user bill',
  unit: 'currency',
  better: 'lower',
  headline: false,
  within: inCurrency,
  of: ({ money }) => money?.userBill ?? null,
  format: formatMoney,
}

export const providerCostMonth: Metric = {
  id: 'provider-cost-month',
  summary: 'What whoever runs the platform pays for memory in 30 days like those that were judged.',
  heading: 'provider pays a month',
  unit: 'currency',
  better: 'lower',
  headline: false,
  within: aMonth,
  of: (run) => perMonth(run.money?.providerCost, run),
  format: formatMoney,
}

export const userBillMonth: Metric = {
  id: 'user-bill-month',
  summary: 'What the user is charged in 30 days like those that were judged.',
  heading: 'user pays a month',
  unit: 'currency',
  better: 'lower',
  headline: false,
  within: aMonth,
  of: (run) => perMonth(run.money?.userBill, run),
  format: formatMoney,
}
