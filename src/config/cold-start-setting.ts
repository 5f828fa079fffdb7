import { formatDuration, parseDuration } from '../core/units.ts'
import {
  isMistake,
  type Mistake,
  readDuration,
  type Setting,
  type SettingKind,
  unknownKey,
  type Value,
} from './setting.ts'

const DURATION = { type: 'string', pattern: String.raw`^\d+(\.\d+)? ?(ms|s|m|h|d)$` }

const law = (first: string, second: string) => ({
  type: 'object',
  properties: { [first]: DURATION, [second]: DURATION },
  required: [first, second],
  additionalProperties: false,
})

/** The loading time of every app: one, `trace` for the trace's own, or a law. */
export const coldStart: SettingKind = {
  jsonSchema: {
    anyOf: [
      { type: 'string', pattern: String.raw`^(trace|\d+(\.\d+)? ?(ms|s|m|h|d))$` },
      law('median', 'p99'),
      law('base', 'perMb'),
    ],
    description:
      'Loading time of every app; or `trace`: its own from the trace, one second where it has none; or drawn once per app from a log-normal law, `{ median: 400ms, p99: 6s }`; or by its memory, `{ base: 200ms, perMb: 2ms }`.',
    default: 'trace',
  },
  spell: spellColdStart,
  read(raw) {
    if (raw === 'trace') return { value: raw, written: raw, canonical: raw }
    return typeof raw === 'object' && raw !== null && !Array.isArray(raw) ? readLaw(raw) : readDuration(raw, { min: 0 })
  },
}

/** A loading time in force as it is typed: `1s`, `trace` or `{ median: 400ms, p99: 6s }`. */
function spellColdStart(value: Value): string {
  if (typeof value === 'number') return formatDuration(value)
  if (typeof value !== 'object') return String(value)
  const { medianMs, p99Ms, baseMs, msPerMb } = value as Readonly<Record<string, number | undefined>>
  return medianMs === undefined
    ? `{ base: ${formatDuration(baseMs!)}, perMb: ${formatDuration(msPerMb!)} }`
    : `{ median: ${formatDuration(medianMs)}, p99: ${formatDuration(p99Ms!)} }`
}

function readLaw(raw: object): Setting | Mistake {
  const names = 'base' in raw || 'perMb' in raw ? (['base', 'perMb'] as const) : (['median', 'p99'] as const)
  const unknown = Object.keys(raw).find((key) => !(names as readonly string[]).includes(key))
  if (unknown !== undefined) return unknownKey(`a loading time of ${names.join(' and ')} has no key`, unknown, names)
  const values: number[] = []
  for (const name of names) {
    const value = (raw as Record<string, unknown>)[name]
    const exact = name === 'perMb' && typeof value === 'string' ? parseDuration(value) : undefined
    // What is too large for a number is told like any other text that is no duration.
    const ms = exact !== undefined && exact <= Number.MAX_SAFE_INTEGER ? exact : undefined
    const read = ms === undefined ? readDuration(value, { min: name === 'base' ? 0 : 1 }) : { value: ms }
    if (isMistake(read as Setting | Mistake)) return { ...(read as Mistake), path: [name] }
    values.push((read as Setting).value as number)
  }
  const [first = 0, second = 0] = values
  if (names[0] === 'median' && second < first) {
    const problem = `expected a p99 of at least the median of ${formatDuration(first)}, found ${formatDuration(second)}`
    return { problem, hint: 'Write, for example, { median: 400ms, p99: 6s }.', path: ['p99'] }
  }
  const text = `${names[0]} ${formatDuration(first)} ${names[1]} ${formatDuration(second)}`
  const value = names[0] === 'median' ? { medianMs: first, p99Ms: second } : { baseMs: first, msPerMb: second }
  return { value, written: text, canonical: text }
}
