import { DAY, HOUR, MINUTE, SECOND } from '../../core/units.ts'

/** The unit of texts that each say their own. */
export const UNIT_IN_TEXT = 'written'

/** Milliseconds of the units that programs write behind a number. */
const SPAN_UNITS: readonly (readonly [words: string, ms: number])[] = [
  ['d|days?', DAY],
  ['h|hr|hrs|hours?', HOUR],
  ['m|min|mins|minutes?', MINUTE],
  ['s|secs?|seconds?', SECOND],
  ['ms|msecs?|millis|milliseconds?', 1],
  ['us|µs|μs|usecs?|micros|microseconds?', 1e-3],
  ['ns|nsecs?|nanos|nanoseconds?', 1e-6],
]

const NUMBER = String.raw`\d+(?:[.,]\d+)?|\.\d+`
const PART = new RegExp(String.raw`(${NUMBER})\s?([a-zµμ]+)`, 'g')
const PARTS = new RegExp(String.raw`^(?:(?:${NUMBER})\s?[a-zµμ]+\s?)+$`)
const UNIT_MS = new Map(SPAN_UNITS.flatMap(([words, ms]) => spellings(words).map((word) => [word, ms] as const)))

/** `1.02:03:04.5` of .NET and `1 days 02:03:04.5` of Python and pandas are a day and some; without one, hours come first. */
const CLOCK = /^(?:(\d+)(?:\.|\sdays?,?\s))?(\d+):(\d\d):(\d\d(?:[.,]\d+)?)$/

const ISO_SPAN = /^P(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/

/**
 * The ms of a span of time that says its own unit: `120ms`, `1.5 s`, `1m2.5s` as Go has it, `0:00:01.2`, `PT1.2S` of
 * ISO 8601; undefined of any other text, such as a number alone.
 */
export function writtenSpan(text: string): number | undefined {
  const small = text.trim().toLowerCase()
  if (small === '0') return 0
  if (PARTS.test(small)) {
    let ms = 0
    for (const [, value, unit] of small.matchAll(PART)) {
      const unitMs = UNIT_MS.get(unit!)
      if (unitMs === undefined) return undefined
      // A quotient rounds once; a product with 0.001 twice.
      ms += unitMs < 1 ? decimal(value) / Math.round(1 / unitMs) : decimal(value) * unitMs
    }
    return ms
  }
  const found = CLOCK.exec(small) ?? (small.length > 2 ? ISO_SPAN.exec(text.trim()) : null)
  if (found === null) return undefined
  const [, days, hours, minutes, seconds] = found
  return decimal(days) * DAY + decimal(hours) * HOUR + decimal(minutes) * MINUTE + decimal(seconds) * SECOND
}

/** MB (1 MB is 1 MiB) of the first letter of a unit of memory. */
const MEMORY_UNITS: Readonly<Record<string, number>> = { b: 1 / 2 ** 20, k: 1 / 1024, m: 1, g: 1024, t: 1024 * 1024 }

/** The MB of a size that says its own unit: `128MB`, `128 MiB`, `128Mi` as Kubernetes has it; undefined of any other text. */
export function writtenMemory(text: string): number | undefined {
  const found = new RegExp(String.raw`^(${NUMBER})\s?(?:([kmgt])i?b?|b|bytes?)$`, 'i').exec(text.trim())
  if (found === null) return undefined
  return decimal(found[1]) * MEMORY_UNITS[(found[2] ?? 'b').toLowerCase()]!
}

function decimal(text: string | undefined): number {
  return Number((text ?? '0').replace(',', '.'))
}

/** What `secs?|s` stands for. */
function spellings(words: string): readonly string[] {
  return words.split('|').flatMap((word) => (word.endsWith('?') ? [word.slice(0, -2), word.slice(0, -1)] : [word]))
}
