import { DAY, formatDuration } from '../core/units.ts'
import { found, isMistake, type Mistake, readDuration, type Setting, type SettingKind, unknownKey } from './setting.ts'

/** The part of a trace that runs are judged on; policies learn before it, and nothing after it is counted. */
export interface JudgeSetting {
  /** ms from the beginning of the trace. */
  readonly fromMs: number
  /** ms from the beginning of the trace; null for its end. */
  readonly toMs: number | null
}

const DAYS = /^day ([1-9]\d*)(?: ?\.\. ?([1-9]\d*))?$/
const DURATION = { type: 'string', pattern: String.raw`^\d+(\.\d+)? ?(ms|s|m|h|d)$` }
const KEYS = ['from', 'for'] as const
const HINT = 'Write day 9..12, or { from: 8d, for: 4d }.'

/** `day 9..12`, days counted from 1 and each 24 h from the beginning of the trace, or `{ from: 8d, for: 4d }`. */
export const judge: SettingKind = {
  jsonSchema: {
    anyOf: [
      { type: 'string', pattern: String.raw`^day [1-9]\d*( ?\.\. ?[1-9]\d*)?$` },
      {
        type: 'object',
        properties: { from: DURATION, for: DURATION },
        required: ['from'],
        additionalProperties: false,
      },
    ],
    description:
      'The part of the trace that runs are judged on, as in `day 9..12` or `{ from: 8d, for: 4d }`. Policies learn before it, and state and warm instances go over the border.',
  },
  read(raw) {
    if (typeof raw === 'string') return readDays(raw)
    if (typeof raw === 'object' && raw !== null && !Array.isArray(raw)) return readSpan(raw)
    return { problem: `expected days or a time, found ${found(raw)}`, hint: HINT }
  },
}

/** How long policies learn before they are judged: another way to write `judge: { from: 1d }`. */
export const warmup: SettingKind = {
  jsonSchema: { ...DURATION, description: 'How long policies learn before accounts begin: judge without an end.' },
  read(raw) {
    const length = readDuration(raw, { min: 1 })
    return isMistake(length) ? length : settingOf({ fromMs: length.value as number, toMs: null })
  },
}

function readDays(raw: string): Setting | Mistake {
  const match = DAYS.exec(raw.trim())
  if (match === null) return { problem: `expected days such as day 9..12, found ${found(raw)}`, hint: HINT }
  const first = Number(match[1])
  const last = Number(match[2] ?? match[1])
  if (last < first) return { problem: `expected days in their order, found ${found(raw)}`, hint: HINT }
  return settingOf({ fromMs: (first - 1) * DAY, toMs: last * DAY })
}

function readSpan(raw: object): Setting | Mistake {
  const unknown = Object.keys(raw).find((key) => !(KEYS as readonly string[]).includes(key))
  if (unknown !== undefined) return unknownKey('judge has no key', unknown, KEYS)
  const { from, for: length } = raw as Record<string, unknown>
  const begins = readDuration(from, { min: 0 })
  if (isMistake(begins)) return { ...begins, path: ['from'] }
  if (length === undefined) return settingOf({ fromMs: begins.value as number, toMs: null })
  const lasts = readDuration(length, { min: 1 })
  if (isMistake(lasts)) return { ...lasts, path: ['for'] }
  return settingOf({ fromMs: begins.value as number, toMs: (begins.value as number) + (lasts.value as number) })
}

function settingOf(judged: JudgeSetting): Setting {
  const text = spelledPart(judged)
  return { value: { fromMs: judged.fromMs, toMs: judged.toMs ?? 'end' }, written: text, canonical: text }
}

/** A judged part as an experiment spells it: whole days as days. */
export function spelledPart({ fromMs, toMs }: JudgeSetting): string {
  if (toMs === null) return `{ from: ${formatDuration(fromMs)} }`
  if (fromMs % DAY === 0 && toMs % DAY === 0) {
    const first = fromMs / DAY + 1
    return toMs === fromMs + DAY ? `day ${first}` : `day ${first}..${toMs / DAY}`
  }
  return `{ from: ${formatDuration(fromMs)}, for: ${formatDuration(toMs - fromMs)} }`
}

/** The part that a setting stands for. */
export function judgedOf({ value }: Setting): JudgeSetting {
  const { fromMs, toMs } = value as { readonly fromMs: number; readonly toMs: number | 'end' }
  return { fromMs, toMs: toMs === 'end' ? null : toMs }
}
