import { nearest } from '../core/registry.ts'
import { formatDuration, parseDuration, SECOND } from '../core/units.ts'
import { readRange } from './range-setting.ts'
import { found, type Mistake, quoted, type Setting, type Value } from './read-value.ts'
import type { Parameter, ParameterTable } from '../policy/parameters.ts'

export { found, isMistake, type Mistake, type Setting, type Value } from './read-value.ts'

/** How one kind of value is read from an experiment, and how an editor is told of it. */
export interface SettingKind {
  /** Without a default it must be given. */
  readonly jsonSchema: { readonly description: string; readonly default?: Value; readonly [keyword: string]: unknown }
  read(raw: unknown): Setting | Mistake
  /** A value in force as an experiment spells it; absent where that is the value itself. */
  spell?(value: Value): string
  /** Reads a range, as in `5m..120m`, as the values that it stands for; undefined for what is none. */
  readRange?(raw: unknown): readonly Setting[] | Mistake | undefined
  /** Reads all values that one stands for; only for a kind whose lists are not simply lists of values. */
  readAll?(raw: unknown): readonly Setting[] | Mistake
}

/** The mistake of a key that is none of the known ones; `beginning` is that of its sentence: `nodes have no key`. */
export function unknownKey(beginning: string, key: string, known: readonly string[]): Mistake {
  const near = nearest(key, known)
  return {
    problem: `${beginning} called ${quoted(key)}`,
    hint: near === undefined ? `There are: ${known.join(', ')}.` : `Did you mean "${near}"?`,
    path: [key],
    isKey: true,
  }
}

/** How the values of a policy's parameter, or of a model's option of the same shape, are read. */
export function settingKind(parameter: Parameter): SettingKind {
  const jsonSchema = {
    ...schemaOf(parameter),
    description: parameter.describe,
    default: spell(parameter, parameter.default),
  }
  return {
    jsonSchema,
    read: (raw) => read(parameter, raw),
    ...(parameter.kind === 'duration' || parameter.kind === 'number'
      ? { readRange: (raw) => readRange(raw, parameter, (each) => read(parameter, each)) }
      : {}),
    spell: (value) => spelt(spell(parameter, value)),
  }
}

/** Values in force as an experiment spells them, durations with their unit: what is printed can be typed again. */
export function spelling(
  kinds: Readonly<Record<string, Pick<SettingKind, 'spell'>>>,
  values: Readonly<Record<string, unknown>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, kinds[name]?.spell?.(value as Value) ?? spelt(value)]),
  )
}

/** The same for the parameters of a policy. */
export function parameterSpelling(
  table: ParameterTable,
  values: Readonly<Record<string, unknown>>,
): Record<string, string> {
  const kinds = Object.entries(table).map(([name, parameter]) => [name, settingKind(parameter)] as const)
  return spelling(Object.fromEntries(kinds), values)
}

function spelt(value: unknown): string {
  return typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value)
}

/** A value in force as an experiment spells it: durations with their unit, others as they are. */
export function spell(parameter: Parameter, value: Value): Value {
  if (parameter.kind === 'duration') return formatDuration(value as number)
  return value
}

/** A key of a mapping that is most likely a misspelt `wanted`. */
export function nearKey(raw: unknown, wanted: string): string | undefined {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw) || Object.hasOwn(raw, wanted)) return undefined
  return Object.keys(raw).find((key) => key.length < 20 && nearest(key, [wanted]) !== undefined)
}

/** How a duration is written, for a JSON Schema. */
export const DURATION_PATTERN = String.raw`^\d+(\.\d+)? ?(ms|s|m|h|d)$`

function schemaOf(parameter: Parameter): Record<string, unknown> {
  switch (parameter.kind) {
    case 'duration':
      return { type: 'string', pattern: DURATION_PATTERN }
    case 'number':
      return numberSchema(parameter)
    case 'switch':
      return { enum: [true, false, 'on', 'off'] }
    case 'choice':
      return { enum: parameter.options }
    case 'file':
      return { type: 'string' }
  }
}

/** A number, or where it has a unit also a text with that: `10 %` is 10. */
function numberSchema(parameter: Parameter & { kind: 'number' }): Record<string, unknown> {
  const number = { type: parameter.whole ? 'integer' : 'number', ...boundsSchema(parameter) }
  if (parameter.unit === undefined) return number
  return { anyOf: [number, { type: 'string', pattern: String.raw`^\d+(\.\d+)? ?${parameter.unit}$` }] }
}

function boundsSchema({ min, max }: { min: number; max?: number }): Record<string, number> {
  return max === undefined ? { minimum: min } : { minimum: min, maximum: max }
}

function read(parameter: Parameter, raw: unknown): Setting | Mistake {
  switch (parameter.kind) {
    case 'duration':
      return readDuration(raw, parameter)
    case 'number':
      return readNumber(raw, parameter)
    case 'switch':
      return readSwitch(raw)
    case 'choice':
      return readChoice(raw, parameter.options)
    case 'file':
      return readPath(raw)
  }
}

/** Reads a duration in whole milliseconds; the bounds are milliseconds as well. */
export function readDuration(raw: unknown, { min, max }: { min: number; max?: number }): Setting | Mistake {
  const problem = `expected a duration such as 90s, 10m or 4h, found ${found(raw)}`
  if (typeof raw === 'number') {
    const hint =
      raw >= SECOND && Number.isSafeInteger(raw)
        ? `Write its unit; ${raw} ms, as JSON has it, are ${formatDuration(raw)}.`
        : `Write its unit, as in ${raw}s or ${raw}m.`
    return { problem, hint }
  }
  const exact = typeof raw === 'string' ? parseDuration(raw) : undefined
  if (exact === undefined) return { problem, hint: 'The units are ms, s, m, h and d.' }
  // A decimal fraction of a unit (0.07m) is off by a rounding error of the product, not by what the user meant.
  const value = Math.round(exact)
  if (Math.abs(value - exact) > 1e-6 || !Number.isSafeInteger(value)) {
    return { problem: `expected a duration in whole milliseconds, found ${found(raw)}` }
  }
  if (value < min || (max !== undefined && value > max)) {
    const range =
      max === undefined ? `of at least ${formatDuration(min)}` : `from ${formatDuration(min)} to ${formatDuration(max)}`
    return { problem: `expected a duration ${range}, found ${found(raw)}` }
  }
  return { value, written: (raw as string).trim(), canonical: formatDuration(value) }
}

function readNumber(written: unknown, parameter: Parameter & { kind: 'number' }): Setting | Mistake {
  const { min, max, whole, unit } = parameter
  const raw = unit === undefined ? written : withoutUnit(written, unit)
  const range = max === undefined ? `of at least ${min}` : `from ${min} to ${max}`
  const problem = `expected a ${whole ? 'whole ' : ''}number ${range}${unit === undefined ? '' : ` (${unit})`}, found ${found(raw)}`
  if (typeof raw !== 'number' || Number.isNaN(raw)) return { problem }
  if (raw < min || (max !== undefined && raw > max) || !Number.isFinite(raw)) return { problem }
  if (whole && !Number.isSafeInteger(raw)) return { problem }
  return { value: raw, written: String(raw), canonical: String(raw) }
}

/** The number of a text such as `10 %`; anything else as it is. */
function withoutUnit(raw: unknown, unit: string): unknown {
  if (typeof raw !== 'string' || !raw.endsWith(unit)) return raw
  const number = raw.slice(0, -unit.length).trim()
  return /^\d+(\.\d+)?$/.test(number) ? Number(number) : raw
}

function readSwitch(raw: unknown): Setting | Mistake {
  const value = raw === true || raw === 'on' ? true : raw === false || raw === 'off' ? false : undefined
  if (value === undefined) return { problem: `expected on, off, true or false, found ${found(raw)}` }
  return { value, written: String(raw), canonical: value ? 'on' : 'off' }
}

/** The path of a file, empty for none; who reads it puts the digest of its text in the place of the value. */
function readPath(raw: unknown): Setting | Mistake {
  if (typeof raw === 'string') return { value: raw, written: raw, canonical: raw }
  return { problem: `expected the path of a file, found ${found(raw)}` }
}

function readChoice(raw: unknown, options: readonly string[]): Setting | Mistake {
  if (typeof raw === 'string' && options.includes(raw)) return { value: raw, written: raw, canonical: raw }
  const problem = `expected ${listed(options)}, found ${found(raw)}`
  const near = typeof raw === 'string' ? nearest(raw, options) : undefined
  return near === undefined ? { problem } : { problem, hint: `Did you mean "${near}"?` }
}

/** Words as a choice in a sentence: `a, b or c`. */
function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}
