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

/** The values that a table of parameters stands for. */
export type ParameterValues<T extends ParameterTable> = {
  readonly [K in keyof T]: T[K] extends { kind: 'switch' }
    ? boolean
    : T[K] extends { kind: 'choice'; options: readonly (infer O)[] }
      ? O
      : number
}

/** Every parameter at its default. */
export function defaultsOf<T extends ParameterTable>(table: T): ParameterValues<T> {
  return Object.fromEntries(
    Object.entries(table).map(([name, { default: value }]) => [name, value]),
  ) as ParameterValues<T>
}
