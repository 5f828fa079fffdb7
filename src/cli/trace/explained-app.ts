import { explainRuns } from '../../experiment/explain-runs.ts'
import { comparisonOf, type Results } from '../../experiment/results.ts'
import type { FinishedRun } from '../../metrics/run.ts'
import { provenance } from '../../report/comparison/provenance.ts'
import type { Explanation } from '../../report/explanation/explanation.ts'
import type { Arguments } from '../arguments/command.ts'
import { plannedRuns } from './planned-runs.ts'

/** What some finished runs did to the one app whose name begins so: they are made again for its sake. */
export async function explanationOf(
  prefix: string,
  results: Results,
  finished: readonly FinishedRun[],
  args: Arguments,
): Promise<Explanation> {
  // Now, as a served store may be read anew meanwhile.
  const idle = new Map(finished.map(({ digest, ledger }) => [digest, ledger.idleMs.slice()]))
  const { trace, runs } = await plannedRuns(
    args,
    results.record,
    finished.map(({ digest }) => digest),
  )
  const facts = provenance(comparisonOf(results)).filter(({ term }) => term !== 'baseline')
  const idleMsOf = ({ digest }: { readonly digest: string }, app: number): number => idle.get(digest)![app]!
  return { ...(await explainRuns({ trace, runs, prefix, idleMsOf })), facts }
}
