import { parseSource, withValues } from '../../config/document.ts'
import { type Experiment, experimentOf } from '../../config/experiment-file.ts'
import { formatDuration } from '../../core/units.ts'
import type { Setting } from '../../config/setting.ts'
import type { Parameter } from '../../policy/parameters.ts'
import { listedCandidates, type TuneCandidate } from './candidates.ts'
import type { JudgedPart } from './tune.ts'
import type { TraceFacts } from '../trace-facts.ts'

/**
 * The text of an experiment that runs a choice beside the baseline, judged on the part that was held back: the asked one
 * with other policies. `baseline` is the variant's id. Its paths are relative to the folder of the asked one.
 */
export async function tunedExperiment(
  { file, name, policies, text, trace }: Experiment,
  {
    chosen,
    baseline,
    judged,
  }: { readonly chosen: TuneCandidate; readonly baseline: string; readonly judged: JudgedPart },
  facts: TraceFacts,
): Promise<string> {
  const written = parseSource(text, file).data as { readonly policies: readonly object[]; readonly baseline?: string }
  const raw = (candidate: TuneCandidate): string => {
    const { label: _, ...given } = written.policies[candidate.place] as Record<string, unknown>
    const point = candidate.point.map(({ name: key, setting }) => [
      key,
      writtenOf(candidate.entry.definition.parameters[key], setting),
    ])
    return JSON.stringify({ ...given, label: candidate.label, ...(Object.fromEntries(point) as object) })
  }
  const anchor = listedCandidates({ policies } as Experiment, facts).find(({ variant }) => variant === baseline)
  const entries = anchor === undefined || anchor.variant === chosen.variant ? [chosen] : [anchor, chosen]
  const { fromMs, toMs } = judged
  const part = `{ from: ${formatDuration(fromMs)}, for: ${formatDuration(toMs - fromMs)} }`
  const isWarmup = trace.judges !== undefined && 'warmup' in (parseSource(text, file).data as { trace: object }).trace
  const values = [
    `name=${JSON.stringify(`${name}-tuned`)}`,
    isWarmup ? `trace.warmup=${formatDuration(fromMs)}` : `trace.judge=${part}`,
    `policies=[${entries.map(raw).join(', ')}]`,
    ...(anchor === undefined ? [] : [`baseline=${JSON.stringify(anchor.label)}`]),
  ]
  const tuned = withValues(text, file, values, 'pilotlight tune')
  await experimentOf(parseSource(tuned, file))
  return tuned
}

/** A value as a document has it: what was written for texts, numbers and switches as they are. */
function writtenOf(parameter: Parameter | undefined, { value, written }: Setting): unknown {
  return parameter?.kind === 'number' || parameter?.kind === 'switch' ? value : written
}
