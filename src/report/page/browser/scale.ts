/** An axis: from values to pixels and back, with its ticks. */
export interface Scale {
  at(value: number): number
  valueAt(pixel: number): number
  readonly ticks: readonly number[]
}

/** From so many times the middle value on, the largest one presses all others together. */
const LOG_FROM = 8

/** An axis over some values from one pixel to another: from 0 on, or with equal ratios equally far apart where they ask for it. */
export function scaleOf(values: readonly number[], from: number, to: number): Scale {
  const sorted = values.filter((value) => Number.isFinite(value)).toSorted((a, b) => a - b)
  const [least = 0, most = 1] = [sorted[0], sorted.at(-1)]
  const positive = sorted.filter((value) => value > 0)
  const middle = positive[positive.length >> 1] ?? 1
  return least >= 0 && most > LOG_FROM * middle
    ? logScale(positive[0]! / (least === 0 ? 3 : 1.2), most * 1.2, from, to, least === 0)
    : linearScale(Math.min(0, least), most > 0 ? 1.06 * most : least < 0 ? 0 : 1, from, to)
}

export function linearScale(low: number, high: number, from: number, to: number): Scale {
  const step = stepOf((high - low) / 6)
  const first = Math.ceil(low / step - 1e-9)
  const count = Math.floor(high / step + 1e-9) - first + 1
  return {
    at: (value) => from + ((value - low) / (high - low)) * (to - from),
    valueAt: (pixel) => low + ((pixel - from) / (to - from)) * (high - low),
    ticks: Array.from({ length: count }, (_, index) => Number(((first + index) * step).toPrecision(12))),
  }
}

/** Where there is a 0, it stands at the lower end, apart from all others. */
function logScale(low: number, high: number, from: number, to: number, hasZero: boolean): Scale {
  const ratio = Math.log(high / low)
  const [first, last] = [Math.ceil(Math.log10(low)), Math.floor(Math.log10(high))]
  const powers = Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index))
  const fine = [first - 1, ...Array.from({ length: last - first + 1 }, (_, index) => first + index)].flatMap((power) =>
    [1, 2, 5]
      .map((times) => Number((times * 10 ** power).toPrecision(1)))
      .filter((tick) => tick >= low && tick <= high),
  )
  return {
    at: (value) => from + (Math.log(Math.max(value, low) / low) / ratio) * (to - from),
    valueAt: (pixel) => low * Math.exp(((pixel - from) / (to - from)) * ratio),
    ticks: [
      ...(hasZero ? [0] : []),
      ...(fine.length <= 9 ? fine : powers).filter((tick) => !hasZero || tick > 1.5 * low),
    ],
  }
}

/** 1, 2 or 5 times a power of ten, at least as large as a value. */
function stepOf(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return power * [1, 2, 5, 10].find((times) => times * power >= value * (1 - 1e-9))!
}

/** A number at up to four significant digits, with commas between thousands. */
export function numberText(value: number): string {
  const rounded = Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(4))
  return rounded.toLocaleString('en-US', { maximumFractionDigits: 10 })
}

/** A difference with its sign. */
export function signed(value: number): string {
  return value > 0 ? `+${numberText(value)}` : value < 0 ? `−${numberText(-value)}` : '0'
}
