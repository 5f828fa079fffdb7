/**
 * Values from 0 to at least `most` at equal steps of 1, 2, 2.5 or 5 times a power of ten, the smallest of these that makes
 * no more than `steps` of them.
 */
export function roundTicks(most: number, steps: number): readonly number[] {
  const power = 10 ** Math.floor(Math.log10(most / steps))
  const step = [1, 2, 2.5, 5, 10].map((digit) => digit * power).find((each) => most / each <= steps)!
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, tick) => tick * step)
}
