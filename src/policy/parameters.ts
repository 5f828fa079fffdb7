import { type Calendar, timeOfDay } from '../core/calendar.ts'
import { formatDuration } from '../core/units.ts'
import { UserError } from '../core/user-error.ts'

/**
 * A policy's parameters as plain data: from it come validation, editor completion, help and the generated docs.
 * Durations are milliseconds in code and texts such as `10m` in an experiment.
 */
export type Parameter =
  | {
      readonly kind: 'duration'
      readonly describe: string
      readonly default: number
      readonly min: number
      readonly max?: number
      /** On a trace that tells when it was, the default is the time of day at which it begins. */
      readonly byTrace?: 'timeOfDay'
      /**
       * An app or instance may stay loaded for so long, so that a trace must be many times as long to tell anything. A price
       * is no window, nor is a step, nor a bound that windows are not expected to reach.
       */
      readonly isWindow?: true
    }
  | {
      readonly kind: 'number'
      readonly describe: string
      readonly default: number
      readonly min: number
      readonly max?: number
      /** As in `%` or `MB`; none for a pure number. */
      readonly unit?: string
      readonly whole?: boolean
    }
  | { readonly kind: 'switch'; readonly describe: string; readonly default: boolean }
  | {
      readonly kind: 'choice'
      readonly describe: string
      readonly default: string
      readonly options: readonly string[]
    }
  /** A text file: an experiment names it by its path, and the policy is given its text; empty where none is named. */
  | {
      readonly kind: 'file'
      readonly describe: string
      readonly default: ''
      /** Throws a UserError that names `file`, and the line, where the text is none that the policy can take. */
      readonly check?: (text: string, file: string) => void
    }

export type ParameterTable = Readonly<Record<string, Parameter>>

/** The values that a table of parameters stands for. */
export type ParameterValues<T extends ParameterTable> = { readonly [K in keyof T]: ValueOf<T[K]> }

/** The value of one parameter; where it may be of several kinds, a value of any of them. */
export type ValueOf<P extends Parameter> = P extends { kind: 'switch' }
  ? boolean
  : P extends { kind: 'choice'; options: readonly (infer O)[] }
    ? O
    : P extends { kind: 'file' }
      ? string
      : number

/** What is wrong with parameters that do not go together, each of them well by itself. */
export interface Contradiction {
  /** The parameter that contradicts another. */
  readonly name: string
  readonly problem: string
  readonly hint?: string
}

/** Says that one duration of the parameters is longer than another that bounds it, where it is. */
export function longerThan<N extends string>(
  params: Readonly<Record<N, number>>,
  name: N,
  bound: N,
): Contradiction | undefined {
  if (params[name] <= params[bound]) return undefined
  const [longest, found] = [params[bound], params[name]].map(formatDuration) as [string, string]
  return { name, problem: `expected at most ${bound}, which is ${longest}, found ${found}` }
}

/**
 * The parameters with the texts of their files. In an experiment a file stands in the parameters by the digest of its text,
 * and `texts` has that text; what is no digest of it is a text itself.
 */
export function withTexts<T extends ParameterTable>(
  table: T,
  params: ParameterValues<T>,
  texts: Readonly<Record<string, string>>,
): ParameterValues<T> {
  const files = Object.entries(table).filter(([, { kind }]) => kind === 'file')
  const read = files.map(([name]) => [name, texts[String(params[name])] ?? params[name]])
  return { ...params, ...(Object.fromEntries(read) as Partial<ParameterValues<T>>) }
}

/** Every parameter at its default, on a trace of that calendar. */
export function defaultsOf<T extends ParameterTable>(table: T, calendar: Calendar = {}): ParameterValues<T> {
  const hasClock = calendar.startsAtMs !== undefined
  return Object.fromEntries(
    Object.entries(table).map(([name, parameter]) => {
      const isTold = hasClock && parameter.kind === 'duration' && parameter.byTrace === 'timeOfDay'
      return [name, isTold ? timeOfDay(calendar) : parameter.default]
    }),
  ) as ParameterValues<T>
}

interface ParameterRules<T extends ParameterTable> {
  /** What is wrong with parameters that do not go together. */
  readonly contradiction?: ((params: ParameterValues<T>) => Contradiction | undefined) | undefined
  /** When the trace was, which some defaults are told by. */
  readonly calendar?: Calendar
}

/**
 * All parameters: those that are given, and the defaults of the others. Throws a UserError, at `where`, for one that the
 * table does not have, for a value that is none of its kind or out of its range, and for what `contradiction` finds.
 */
export function parametersOf<T extends ParameterTable>(
  table: T,
  given: Partial<ParameterValues<T>>,
  where: string,
  { contradiction, calendar }: ParameterRules<T> = {},
): ParameterValues<T> {
  for (const [name, value] of Object.entries(given)) {
    const parameter = Object.hasOwn(table, name) ? table[name]! : undefined
    if (parameter === undefined) {
      const known = Object.keys(table)
      const hint = known.length === 0 ? 'It has no parameters.' : `Its parameters are ${known.join(', ')}.`
      throw new UserError({ where, problem: `there is no parameter "${name}"`, hint })
    }
    if (value === undefined || fits(parameter, value)) continue
    const problem = `${name} must be ${rangeOf(parameter)}, found ${typeof value === 'string' ? JSON.stringify(value) : String(value)}`
    throw new UserError({ where, problem })
  }
  const chosen = Object.entries(given).filter(([, value]) => value !== undefined)
  const params = { ...defaultsOf(table, calendar), ...Object.fromEntries(chosen) }
  const found = contradiction?.(params)
  if (found === undefined) return params
  const { name, problem, hint } = found
  throw new UserError({ where, problem: `${name}: ${problem}`, ...(hint === undefined ? {} : { hint }) })
}

function fits(parameter: Parameter, value: unknown): boolean {
  if (parameter.kind === 'switch') return typeof value === 'boolean'
  if (parameter.kind === 'choice') return parameter.options.includes(value as string)
  if (parameter.kind === 'file') return typeof value === 'string'
  const { min, max = Number.POSITIVE_INFINITY } = parameter
  if (typeof value !== 'number' || !(value >= min && value <= max)) return false
  return parameter.kind === 'duration' || parameter.whole !== true || Number.isInteger(value)
}

function rangeOf(parameter: Parameter): string {
  if (parameter.kind === 'switch') return 'true or false'
  if (parameter.kind === 'choice') return `one of ${parameter.options.join(', ')}`
  if (parameter.kind === 'file') return 'the text of a file'
  const { min, max } = parameter
  const number =
    parameter.kind === 'duration' ? 'a number of ms' : parameter.whole === true ? 'a whole number' : 'a number'
  return max === undefined ? `${number} of at least ${min}` : `${number} from ${min} to ${max}`
}
