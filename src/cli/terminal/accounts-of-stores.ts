import type { FinishedRun } from '../../metrics/run.ts'
import type { AppAccounts } from '../../report/renderer.ts'
import type { OpenedResults } from './opened-results.ts'

/** The accounts of every app of some stores' results, for a report. */
export function appAccounts(inputs: readonly OpenedResults[]): AppAccounts {
  const inputOf = new Map<Pick<FinishedRun, 'model'>, OpenedResults>(
    inputs.flatMap((input) => input.results.finished.map((run) => [run, input] as const)),
  )
  const byDigest = new Map(inputs.flatMap(({ results }) => results.finished).map((run) => [run.digest, run]))
  return {
    runOf: (digest) => byDigest.get(digest),
    namesOf(run) {
      const input = inputOf.get(run)
      return input?.store.readNames(input.results.record.trace.digest, String(run.model['unit'])) ?? []
    },
  }
}
