/** A count or another large number, rounded to a whole one, with a comma between thousands. */
export function formatCount(value: number): string {
  return Math.round(value)
    .toFixed(0)
    .replace(/\B(?=(?:\d{3})+$)/g, ',')
}

/** A quantity at four significant digits below 1000, at whole numbers above; 0 is `0`. */
export function formatQuantity(value: number): string {
  if (value === 0) return '0'
  return Math.abs(value) >= 999.95 ? formatCount(value) : Number(value.toPrecision(4)).toString()
}

/** An amount of money with two decimals, or at four significant digits where it is below 10; 0 is `0`. */
export function formatMoney(value: number): string {
  if (Math.abs(value) < 9.995) return formatQuantity(value)
  const [whole = '', cents = ''] = value.toFixed(2).split('.')
  return `${formatCount(Number(whole))}.${cents}`
}

/** A percentage with two decimals; one that would wrongly read as zero is `<0.01`. */
export function formatPercent(value: number): string {
  return value > 0 && value < 0.005 ? '<0.01' : value.toFixed(2)
}
