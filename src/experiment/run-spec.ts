import { createHash } from 'node:crypto'
import { MODEL_KINDS } from '../config/model-kinds.ts'
import { parameterSpelling, spelling, type Value } from '../config/setting.ts'
import type { Judged, Spelt } from '../metrics/run.ts'
import type { ParameterTable } from '../policy/parameters.ts'

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
  /** The part of the trace that it is judged on, in ms; absent for the whole. */
  readonly judge?: Judged
  /** Digest of the trace. */
  readonly trace: string
  readonly modelVersion: number
}

/** SHA-256 (hex) of a run's canonical JSON: equal digests, equal results. */
export function runDigest(spec: RunSpec): string {
  return createHash('sha256').update(canonicalJson(spec)).digest('hex')
}

/**
 * The id of a policy with its parameters, and with the options of the model that it chooses for itself: all runs of it
 * in any world and under any seed share the id.
 */
export function variantId(
  { policy, policyFile, params }: Pick<RunSpec, 'policy' | 'policyFile' | 'params'>,
  own: Readonly<Record<string, Value>> = {},
): string {
  return createHash('sha256').update(canonicalJson({ policy, policyFile, params, own })).digest('hex').slice(0, 16)
}

/** The parameters and options of a run as an experiment spells them. */
export function speltSpec({ params, model }: Pick<RunSpec, 'params' | 'model'>, parameters: ParameterTable): Spelt {
  const { options } = MODEL_KINDS.get(String(model['kind']), 'model')
  return { params: parameterSpelling(parameters, params), model: spelling(options, model) }
}

/** Plain data as JSON with the keys of every mapping sorted, so that equal data are equal texts. */
export function canonicalJson(data: unknown): string {
  return JSON.stringify(data, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  })
}
