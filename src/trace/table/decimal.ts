const [DOT, MINUS, ZERO] = [46, 45, 48] as const

/** The number that a decimal text such as `-12.5` or `1e6` stands for; undefined when it is anything else. */
export function parseDecimal(text: string): number | undefined {
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return undefined
  const value = Number(text)
  return Number.isFinite(value) ? value : undefined
}

/** So many digits are a whole number that a double holds, and its quotient by a power of ten is rounded once. */
const MOST_DIGITS = 15
const POWERS = Array.from({ length: MOST_DIGITS + 1 }, (_, power) => 10 ** power)

/**
 * The number that a short plain decimal such as `-12.5` stands for, of bytes from `from` up to `to`, with the bits that
 * {@link parseDecimal} gives; NaN for anything else, which may still be a number.
 */
export function plainDecimal(bytes: Uint8Array, from: number, to: number): number {
  const isNegative = bytes[from] === MINUS
  const begin = isNegative ? from + 1 : from
  let value = 0
  let point = -1
  for (let at = begin; at < to; at += 1) {
    const byte = bytes[at]!
    if (byte >= ZERO && byte <= ZERO + 9) value = value * 10 + (byte - ZERO)
    else if (byte === DOT && point < 0) point = at
    else return Number.NaN
  }
  const digits = to - begin - (point < 0 ? 0 : 1)
  if (digits <= 0 || digits > MOST_DIGITS) return Number.NaN
  if (point >= 0) value /= POWERS[to - point - 1]!
  return isNegative ? -value : value
}
