import { formatMoney } from '../format.ts'
import type { Metric } from '../metric.ts'
import type { PriceTable } from '../prices/price-table.ts'

/** With prices, money is a headline, in their currency; without, there is nothing to show. */
function inCurrency(prices: PriceTable | null): Partial<Pick<Metric, 'unit' | 'headline'>> {
  return prices === null ? {} : { unit: prices.currency, headline: true }
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
