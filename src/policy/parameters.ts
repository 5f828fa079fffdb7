import { nearest } from '../core/registry.ts'
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

export type ParameterTable = Readonly<Record<string, Parameter>>

/** What one parameter may hold. */
export type ValueOf<P> = P extends { kind: 'switch' }
  ? boolean
  : P extends { kind: 'choice'; options: readonly (infer O)[] }
    ? O
    : number

/** The values that a table of parameters stands for. */
export type ParameterValues<T extends ParameterTable> = { readonly [K in keyof T]: ValueOf<T[K]> }

/** Every parameter at its default. */
export function defaultsOf<T extends ParameterTable>(table: T): ParameterValues<T> {
  return Object.fromEntries(
    Object.entries(table).map(([name, { default: value }]) => [name, value]),
  ) as ParameterValues<T>
}

/**
 * The values given in code, with defaults for the others. Throws a {@link UserError} at `where` for a name that the table
 * has not and for a value that its parameter does not take.
 */
export function parametersInForce<T extends ParameterTable>(
  table: T,
  given: Partial<ParameterValues<T>>,
  where: string,
): ParameterValues<T> {
  for (const [name, value] of Object.entries(given)) {
    const parameter = Object.hasOwn(table, name) ? table[name] : undefined
    if (parameter === undefined) {
      const names = Object.keys(table)
      const near = nearest(name, names)
      const all = names.length === 0 ? 'It has none.' : `There are: ${names.join(', ')}.`
      const hint = near === undefined ? all : `Did you mean "${near}"?`
      throw new UserError({ where, problem: `there is no parameter called ${JSON.stringify(name)}`, hint })
    }
    const problem = refusal(parameter, value)
    if (problem !== undefined) throw new UserError({ where: `${where}: ${name}`, problem })
  }
  return { ...defaultsOf(table), ...given }
}

/** What is wrong with a value, or nothing. */
function refusal(parameter: Parameter, value: unknown): string | undefined {
  const found = typeof value === 'string' ? JSON.stringify(value) : String(value)
  const wanted = (what: string): string => `expected ${what}, found ${found}`
  switch (parameter.kind) {
    case 'switch':
      return typeof value === 'boolean' ? undefined : wanted('true or false')
    case 'choice':
      return (parameter.options as readonly unknown[]).includes(value)
        ? undefined
        : wanted(`one of ${parameter.options.join(', ')}`)
    case 'duration':
    case 'number': {
      const { min, max = Number.POSITIVE_INFINITY } = parameter
      const isWhole = parameter.kind === 'number' && parameter.whole === true
      const fits = typeof value === 'number' && value >= min && value <= max && (!isWhole || Number.isInteger(value))
      const unit = parameter.kind === 'duration' ? ' of milliseconds' : ''
      const most = max === Number.POSITIVE_INFINITY ? ' up' : ` to ${max}`
      return fits ? undefined : wanted(`a ${isWhole ? 'whole ' : ''}number${unit} from ${min}${most}`)
    }
  }
}
