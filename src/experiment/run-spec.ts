import { createHash } from 'node:crypto'
import type { Value } from '../config/setting.ts'

/** Everything that a run's result depends on, as plain data. */
export interface RunSpec {
  /** Id of the policy. */
  readonly policy: string
  /** SHA-256 (hex) of the file of a user's own policy. */
  readonly policyFile?: string
  /** Every parameter in force; durations in ms. */
  readonly params: Readonly<Record<string, Value>>
  /** Every option in force that the kind of model takes; durations in ms. */
  readonly model: Readonly<Record<string, Value>>
  readonly seed: number
  /** Digest of the trace. */
  readonly trace: string
  readonly modelVersion: number
}

/** SHA-256 (hex) of a run's canonical JSON: equal digests, equal results. */
export function runDigest(spec: RunSpec): string {
  return createHash('sha256').update(canonicalJson(spec)).digest('hex')
}

/** Plain data as JSON with the keys of every mapping sorted, so that equal data are equal texts. */
export function canonicalJson(data: unknown): string {
  return JSON.stringify(data, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  })
}
