import { formatDuration } from '../../core/units.ts'
import { printable } from '../../core/printable.ts'
import { formatCount, formatQuantity } from '../../metrics/format.ts'
import { traceSize } from '../../report/comparison/provenance.ts'
import { columns } from '../terminal/columns.ts'
import type { Outcome, TuneStudy } from './tune-study.ts'

/** A study as lines for a terminal. */
export function tuneText({
  baseline,
  borderMs,
  candidates,
  chosen,
  goal,
  judgedBaseline,
  trace,
  version,
}: TuneStudy): string {
  const wanted =
    goal.least === 'coldStarts'
      ? `the fewest cold starts at no more than ${formatQuantity(goal.mostIdle)} of the baseline's idle memory`
      : `the least idle memory at no more than ${formatCount(goal.mostColdStarts)} cold starts`
  const inOrder = candidates.toSorted(({ learning: one }, { learning: other }) => one.idle - other.idle)
  const lines = [
    `Tuned for ${wanted}`,
    `trace     ${trace.id} (${trace.format}): ${traceSize(trace)}`,
    `digest    ${trace.digest}`,
    `baseline  ${baseline}`,
    `version   pilotlight ${version}`,
    '',
    `On the learning part, the first ${formatDuration(borderMs)}; * is on the Pareto front:`,
    ...columns(2, [
      ['', 'run', 'cold starts', 'idle'],
      ...inOrder.map(({ label, learning, isOnFront }) => [isOnFront ? '*' : '', label, ...figures(learning)]),
    ]),
    '',
    ...(chosen === null
      ? ['No run keeps to the limit: nothing is chosen.']
      : [
          `Chosen: ${chosen.label}. On the judged part, the rest, with all before it learnt:`,
          ...columns(1, [
            ['run', 'cold starts', 'idle'],
            [chosen.label, ...figures(chosen.judged)],
            [baseline, ...figures(judgedBaseline)],
          ]),
        ]),
  ]
  return printable(lines).join('\n')
}

function figures({ coldStarts, idle }: Outcome): string[] {
  return [formatCount(coldStarts), formatQuantity(idle)]
}
