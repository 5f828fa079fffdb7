import type { FinishedRun } from '../metrics/run.ts'
import type { ParameterTable } from '../policy/parameters.ts'
import { policies } from '../policy/policies/index.ts'

/** What of a run says which windows its policy was given. */
type Given = Pick<FinishedRun, 'policy' | 'policyFile' | 'params'>

/**
 * The longest finite window among the parameters of a run's policy, in ms; 0 where none of them is one, or none is finite.
 * A policy of a user's own says by `own`, its parameters, which of them are windows; null where it says so of none, or where
 * its file is not at hand: a store has the digest of the file, not what it declares.
 */
export function longestWindow({ policy, policyFile, params }: Given, own?: ParameterTable): number | null {
  const listed = policyFile === undefined ? policies.all.find(({ id }) => id === policy)?.parameters : undefined
  const parameters = Object.entries(listed ?? own ?? {})
  const windows = parameters.filter(([, parameter]) => parameter.kind === 'duration' && parameter.isWindow === true)
  if (listed === undefined && windows.length === 0) return null
  const finite = windows.map(([name]) => params[name]).filter((value) => Number.isFinite(value)) as number[]
  return Math.max(0, ...finite)
}
