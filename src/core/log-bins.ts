/**
 * Bins for whole numbers from 0 up, narrow in proportion to the number: below 256 each number has a bin of its own, above
 * each power of 2 is divided into 128 bins. So a bin's middle is within 1/256 (0.4 %) of every number in it.
 */
const EXACT = 256
const PER_OCTAVE = 128

/** More than any bin: numbers up to 2^51 have a bin below this. */
export const BINS = 2 ** 13

/** The bin of a number; fractions are rounded. */
export function binOf(value: number): number {
  const whole = Math.round(value)
  if (whole < EXACT) return whole
  const octave = octaveOf(whole)
  return EXACT + (octave - 8) * PER_OCTAVE + Math.floor(whole / 2 ** (octave - 7)) - PER_OCTAVE
}

/** The middle of a bin, as a whole number where the bin has one number only. */
export function middleOf(bin: number): number {
  if (bin < EXACT) return bin
  const octave = 8 + Math.floor((bin - EXACT) / PER_OCTAVE)
  const width = 2 ** (octave - 7)
  const lowest = (PER_OCTAVE + ((bin - EXACT) % PER_OCTAVE)) * width
  return lowest + (width - 1) / 2
}

/** The power of 2 at or below a number of at least 1, as its exponent. */
function octaveOf(whole: number): number {
  return whole < 2 ** 31 ? 31 - Math.clz32(whole) : 51 - Math.clz32(Math.floor(whole / 2 ** 20))
}
