import { formatDuration, parseDuration } from '../core/units.ts'
import type { Parameter } from '../policy/parameters.ts'
import { found, isMistake, type Mistake, type Setting } from './read-value.ts'

/** How a range is written, for a JSON Schema: from..to, and a step or a factor if it is not to be the usual one. */
export const RANGE_PATTERN = String.raw`^[^.]+(\.\d+)?[^.]*\.\.[^.]+(\.\d+)?[^.]*( (step|x) .+)?$`

const RANGE = /^(?<from>.+?)\s*\.\.\s*(?<to>.+?)(?:\s+(?<by>step|x)\s*(?<amount>\S.*))?$/

/** More values are mostly a slip of the step. */
const MOST_VALUES = 10_000

/**
 * The values of a range: `5m..120m` doubles from the first up to the last, which is always one of them; whole numbers,
 * such as seeds, grow by one. `step 5m` adds, and `x 1.5` multiplies. Undefined for what is no range.
 */
export function readRange(
  raw: unknown,
  parameter: Parameter,
  read: (raw: unknown) => Setting | Mistake,
): readonly Setting[] | Mistake | undefined {
  const parts = typeof raw === 'string' ? RANGE.exec(raw.trim())?.groups : undefined
  if (parts === undefined) return undefined
  const [first, last] = [read(typed(parts['from']!, parameter)), read(typed(parts['to']!, parameter))]
  if (isMistake(first)) return first
  if (isMistake(last)) return last
  const [from, to] = [first.value as number, last.value as number]
  if (to < from) return { problem: `expected a range from less to more, found ${found(raw)}` }
  const next = stepOf(parts, parameter, from)
  if (typeof next !== 'function') return next
  const values = [from]
  for (let value = next(from); value < to && values.length <= MOST_VALUES; value = next(value)) values.push(value)
  if (to > from) values.push(to)
  if (values.length > MOST_VALUES)
    return { problem: `expected at most ${MOST_VALUES} values in a range, found ${found(raw)}` }
  return values
    .map((value) => read(written(value, parameter)))
    .filter((setting): setting is Setting => !isMistake(setting))
}

function stepOf(
  { by, amount }: Readonly<Record<string, string | undefined>>,
  parameter: Parameter,
  from: number,
): ((value: number) => number) | Mistake {
  const isWhole = parameter.kind === 'number' && parameter.whole === true
  const rounded = (value: number): number => {
    if (isWhole || parameter.kind === 'duration') return Math.round(value)
    // A sum of decimal fractions is what people would write, not what is left of it in binary.
    return Number(value.toPrecision(12))
  }
  if (by === 'step') {
    const step = parameter.kind === 'duration' ? parseDuration(amount!) : Number(amount!.replace(/ ?%$/, ''))
    if (step !== undefined && step > 0 && Number.isFinite(step)) return (value) => rounded(value + step)
    return { problem: `expected a step above 0, found ${found(amount)}`, hint: 'Write it as in 5m..60m step 5m.' }
  }
  if (by === undefined && isWhole) return (value) => value + 1
  const factor = by === undefined ? 2 : Number(amount)
  if (!(factor > 1) || !Number.isFinite(factor)) return { problem: `expected a factor above 1, found ${found(amount)}` }
  if (from === 0) return { problem: 'a range from 0 needs a step', hint: 'Write it as in 0s..10m step 1m.' }
  return (value) => Math.max(rounded(value * factor), isWhole || parameter.kind === 'duration' ? value + 1 : value)
}

/** What stands on one side of the dots, as a document would have it alone. */
function typed(text: string, parameter: Parameter): unknown {
  return parameter.kind === 'number' && text !== '' && !Number.isNaN(Number(text)) ? Number(text) : text
}

function written(value: number, parameter: Parameter): unknown {
  return parameter.kind === 'duration' ? formatDuration(value) : value
}
