import type { NumberAxis } from '../comparison/run-lines.ts'

/** From so many times the smallest value on, equal ratios are set equally far apart. */
const LOG_FROM = 4
const MOST_TICKS = 12
const MB_PER_GB = 1024

/** The unit that memory sizes read best in. */
export function memoryUnit(largestMb: number): { readonly size: number; readonly name: string } {
  return largestMb >= 2 * MB_PER_GB ? { size: MB_PER_GB, name: 'GB' } : { size: 1, name: 'MB' }
}

/** An axis for memory sizes, in doublings where the range asks for it; `title` without the unit. */
export function memoryAxis(field: string, title: string, sizes: readonly number[], unit: string): NumberAxis {
  const titled = { field, title: `${title} (${unit})` }
  const [low, high] = ends(sizes)
  // Room for the marks at both ends.
  const margin = 0.03 * (high - low)
  if (low === high) return { ...titled, domain: [0, 1.05 * high] }
  if (!asksForLog(low, high)) return { ...titled, domain: [Math.max(0, low - margin), high + margin] }
  const room = (high / low) ** 0.02
  return { ...titled, domain: [low / room, high * room], ticks: powers(2, low / room, high * room), logBase: 2 }
}

/** An axis for shares in percent, in powers of ten where the range asks for it. */
export function percentAxis(field: string, title: string, percents: readonly number[]): NumberAxis {
  const [low, high] = ends(percents)
  if (!asksForLog(low, high)) return { field, title, domain: [0, Math.min(100, roundEnd(high))] }
  const domain = [low / 1.15, Math.min(100, high * 1.15)] as const
  return { field, title, domain, ticks: percentTicks(domain), logBase: 10 }
}

function ends(values: readonly number[]): [low: number, high: number] {
  return [
    values.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY),
    values.reduce((high, value) => Math.max(high, value), 0),
  ]
}

function asksForLog(low: number, high: number): boolean {
  return low > 0 && high / low >= LOG_FROM
}

/** The powers of a base within an interval; every second one, every third and so on where they are too many. */
function powers(base: number, low: number, high: number): number[] {
  const first = Math.ceil(Math.log(low) / Math.log(base) - 1e-9)
  const last = Math.floor(Math.log(high) / Math.log(base) + 1e-9)
  const step = Math.ceil((last - first + 1) / MOST_TICKS)
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => base ** (first + index * step))
}

/** Ticks at 1, 2 and 5 times the powers of ten, or at those alone where they are too many. */
function percentTicks([low, high]: readonly [number, number]): number[] {
  const decades = powers(10, low / 10, high)
  const fine = decades.flatMap((power) => [1, 2, 5].map((times) => Number((times * power).toPrecision(1))))
  const within = (ticks: readonly number[]): number[] => ticks.filter((tick) => tick >= low && tick <= high)
  return within(fine).length <= MOST_TICKS ? within(fine) : powers(10, low, high)
}

/** A round number a little above: 1, 2, 3, 4, 5, 6, 8 or 10 times a power of ten. */
function roundEnd(value: number): number {
  if (value === 0) return 1
  const power = 10 ** Math.floor(Math.log10(1.05 * value))
  return power * [1, 2, 3, 4, 5, 6, 8, 10].find((step) => step * power >= 1.05 * value)!
}
