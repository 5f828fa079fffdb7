import type { Results } from '../../experiment/results.ts'
import type { AppAccounts } from '../../report/renderer.ts'
import type { Store } from '../../store/store.ts'

/** The accounts of every app of a store's results, for a report. */
export function appAccounts(store: Store, { record, finished }: Results): AppAccounts {
  const byDigest = new Map(finished.map((run) => [run.digest, run]))
  return {
    runOf: (digest) => byDigest.get(digest),
    namesOf: ({ model }) => store.readNames(record.trace.digest, String(model['unit'])),
  }
}
