import { explainRuns } from '../experiment/explain-runs.ts'
import { plannedRuns, type RunsAgain } from '../experiment/planned-runs.ts'
import { comparisonOf, type Results } from '../experiment/results.ts'
import { ENGLISH, type Language, told } from '../language/language.ts'
import type { FinishedRun } from '../metrics/run.ts'
import { type Fact, provenance } from '../report/comparison/provenance.ts'
import type { Explanation } from '../report/explanation/explanation.ts'

/** What some finished runs did to the one app whose name begins so: they are made again for its sake. */
export async function explanationOf(
  prefix: string,
  results: Results,
  finished: readonly FinishedRun[],
  from: Pick<RunsAgain, 'path' | 'read'>,
): Promise<Explanation> {
  // Now, as a served store may be read anew meanwhile.
  const idle = new Map(finished.map(({ digest, ledger }) => [digest, ledger.idleMs.slice()]))
  const { trace, runs } = await plannedRuns({
    ...from,
    record: results.record,
    digests: finished.map(({ digest }) => digest),
  })
  const idleMsOf = ({ digest }: { readonly digest: string }, app: number): number => idle.get(digest)![app]!
  return { ...(await explainRuns({ trace, runs, prefix, idleMsOf })), facts: factsOf(results) }
}

/** What the figures of an explanation follow from, in a language: all that those of a comparison do but the baseline. */
export function factsOf(results: Results, language: Language = ENGLISH): readonly Fact[] {
  const baseline = told(language, 'fact.baseline')
  return provenance(comparisonOf(results, [], { language })).filter(({ term }) => term !== baseline)
}
