import { readdirSync, readFileSync } from 'node:fs'

/** The accounts that vectors state of an app; those that are not stated are not judged. */
export type Expected = Readonly<Record<string, number>>

/** One case that a simulator must get right. Times in ms. */
export interface Vector {
  readonly id: string
  /** What it is about, in one sentence. */
  readonly what: string
  /** Every option of the model that is not at its default; see docs/model.md. */
  readonly model: Readonly<Record<string, unknown>>
  readonly horizonMs: number
  /** In order of time. `fn` where an app has several functions. */
  readonly arrivals: readonly {
    readonly app: string
    readonly fn?: string
    readonly startMs: number
    readonly durationMs: number
  }[]
  readonly policy: { readonly id: string; readonly params: Readonly<Record<string, unknown>> }
  /** By app. */
  readonly expected: Readonly<Record<string, Expected>>
}

const FOLDER = new URL('../../conformance/', import.meta.url)

/** All vectors, file by file. */
export function vectors(): Vector[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .flatMap((name) => (JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as { vectors: Vector[] }).vectors)
}

/**
 * What of an answer is not as expected, as lines; none when all is. Cold starts must be answered; of the other accounts
 * those are judged that the answer has.
 */
export function differences({ expected }: Vector, answer: Readonly<Record<string, Expected>>): string[] {
  return Object.entries(expected).flatMap(([app, accounts]) =>
    Object.entries(accounts).flatMap(([account, value]) => {
      const found = answer[app]?.[account]
      if (found === undefined && account !== 'coldStarts') return []
      const isNear = Math.abs((found ?? Number.NaN) - value) <= 1e-6 * Math.max(1, value)
      return isNear ? [] : [`${app}.${account}: expected ${value}, found ${found ?? 'nothing'}`]
    }),
  )
}
