import type { FinishedRun } from '../metrics/run.ts'
import { policies } from '../policy/policies/index.ts'

/** What of a run says which windows its policy was given. */
type Given = Pick<FinishedRun, 'policy' | 'policyFile' | 'params'>

/**
 * The longest finite window among the parameters of a run's policy, in ms; 0 where none of them is declared as one. Of a
 * policy of a user's own nothing is known here: a store has its digest, not what it declares.
 */
export function longestWindow({ policy, policyFile, params }: Given): number {
  const listed = policyFile === undefined ? policies.all.find(({ id }) => id === policy) : undefined
  const windows = Object.entries(listed?.parameters ?? {}).flatMap(([name, parameter]) => {
    const value = params[name]
    const isGiven = parameter.kind === 'duration' && parameter.isWindow === true && typeof value === 'number'
    return isGiven && Number.isFinite(value) ? [value] : []
  })
  return Math.max(0, ...windows)
}
