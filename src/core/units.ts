/** Milliseconds in a second, a minute, an hour and a day. */
export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** Minutes in a day. */
export const DAY_MINUTES = DAY / MINUTE

const DURATION_UNITS: readonly (readonly [string, number])[] = [
  ['d', DAY],
  ['h', HOUR],
  ['m', MINUTE],
  ['s', SECOND],
  ['ms', 1],
]

const MEMORY_UNITS: readonly (readonly [string, number])[] = [
  ['TB', 1024 * 1024],
  ['GB', 1024],
  ['MB', 1],
]

/** The milliseconds that a text such as `90s`, `10m`, `4h` or `250ms` stands for; undefined when it is no duration. */
export function parseDuration(text: string): number | undefined {
  return parseQuantity(text, DURATION_UNITS)
}

/** A duration in the largest unit that divides it, as in `10m`, `90s` or `1.5ms`. */
export function formatDuration(ms: number): string {
  return formatQuantity(ms, DURATION_UNITS, 'ms')
}

/** What days, hours, minutes, seconds and milliseconds are called behind a number. */
type SpanNames = readonly [days: string, hours: string, minutes: string, seconds: string, ms: string]

const SPAN_NAMES: SpanNames = ['d', 'h', 'min', 's', 'ms']

/** About how long a time is, for people: its two largest units, as in `27 h 59 min` or `12 d`. */
export function formatSpan(ms: number, names = SPAN_NAMES): string {
  const sizes = [DAY, HOUR, MINUTE, SECOND] as const
  const from = sizes.findIndex((size) => ms >= size)
  if (!Number.isFinite(ms) || from < 0) return `${ms} ${names[4]}`
  if (sizes[from] === SECOND) return `${Math.round(ms / 100) / 10} ${names[3]}`
  const smaller = sizes[from + 1]!
  const units = Math.round(ms / smaller)
  const each = sizes[from]! / smaller
  const [big, small] = [Math.floor(units / each), units % each]
  return small === 0 ? `${big} ${names[from]}` : `${big} ${names[from]} ${small} ${names[from + 1]}`
}

/** The MB (1 MB = 1 MiB) that a text such as `512MB` or `4GB` stands for; undefined when it is no memory size. */
export function parseMemory(text: string): number | undefined {
  return parseQuantity(text, MEMORY_UNITS)
}

/** A memory size in MB, in the largest unit that divides it, as in `512MB` or `4GB`. */
export function formatMemory(mb: number): string {
  return formatQuantity(mb, MEMORY_UNITS, 'MB')
}

function parseQuantity(text: string, units: readonly (readonly [string, number])[]): number | undefined {
  const match = /^(\d+(?:\.\d+)?) ?([A-Za-z]+)$/.exec(text.trim())
  if (match === null) return undefined
  const unit = units.find(([name]) => name.toLowerCase() === match[2]!.toLowerCase())
  return unit === undefined ? undefined : Number(match[1]) * unit[1]
}

function formatQuantity(value: number, units: readonly (readonly [string, number])[], smallest: string): string {
  if (value === Number.POSITIVE_INFINITY) return 'forever'
  const unit = value === 0 ? undefined : units.find(([, size]) => value % size === 0)
  return unit === undefined ? `${value}${smallest}` : `${value / unit[1]}${unit[0]}`
}
