import { formatDuration } from '../../core/units.ts'
import { printable } from '../../core/printable.ts'
import type { TuneOutcome, TuneStudy } from '../../experiment/tune/tune.ts'
import { ENGLISH } from '../../language/language.ts'
import { figureText } from '../../metrics/decision/figure.ts'
import { goalText } from '../../metrics/decision/verdict.ts'
import { formatCount, formatQuantity } from '../../metrics/figure-text.ts'
import type { Metric } from '../../metrics/metric.ts'
import { traceSize } from '../../report/comparison/provenance.ts'
import { columns } from '../../report/comparison/aligned-rows.ts'

/** Metrics that always have a column. */
const SHOWN = new Set(['cold-starts', 'idle-memory-relative'])

/** A study as lines for a terminal. */
export function tuneText(study: TuneStudy, metrics: readonly Metric[]): string {
  const { baseline, candidates, chosen, front, goal, judged, judgedBaseline, search, seed, trace, version } = study
  const metric = (id: string): Metric => metrics.find((each) => each.id === id)!
  const more = front.filter((id) => !SHOWN.has(id)).map(metric)
  const heads = ['cold starts', 'idle', ...more.map(({ heading }) => heading)]
  const figures = ({ coldStarts, idle, metrics: own }: TuneOutcome): string[] => [
    formatCount(coldStarts),
    idle === null ? '–' : formatQuantity(idle),
    ...more.map((each) => {
      const value = own[each.id] ?? null
      return value === null ? '–' : figureText(value, each)
    }),
  ]
  const inOrder = candidates.toSorted(
    ({ learning: one }, { learning: other }) =>
      (one.idle ?? 0) - (other.idle ?? 0) || one.coldStarts - other.coldStarts,
  )
  const found = candidates.filter(({ isFound }) => isFound).length
  const wanted = new Set(candidates.map(({ learning }) => learning.metrics[goal.minimise] ?? null))
  const next = front.find((id) => id !== goal.minimise)
  const rest = next === undefined ? 'the order of the experiment' : metric(next).heading
  const isAlike = candidates.length > 1 && wanted.size === 1 && !wanted.has(null)
  const lines = [
    `Tuned for ${goalText({ goal, metrics, language: ENGLISH })}`,
    `trace     ${trace.id} (${trace.format}): ${traceSize(trace)}`,
    `digest    ${trace.digest}`,
    `baseline  ${baseline}; idle is relative to its own`,
    ...(search === 0
      ? []
      : [`search    ${found} beyond the ${candidates.length - found} that are listed, marked +; seed ${seed}`]),
    `version   pilotlight ${version}`,
    '',
    `On the learning part, the first ${formatDuration(judged.fromMs)}; * is on the Pareto front of ${front.join(' and ')}:`,
    ...columns(2, [
      ['', 'run', ...heads],
      ...inOrder.map(({ label, learning, isFound, isOnFront }) => [
        `${isOnFront ? '*' : ' '}${isFound ? '+' : ''}`.trimEnd(),
        label,
        ...figures(learning),
      ]),
    ]),
    ...(isAlike
      ? [`Note: all have the same ${metric(goal.minimise).heading}, so it does not choose among them: ${rest} does.`]
      : []),
    '',
    ...(chosen === null
      ? ['No run keeps to the limit: nothing is chosen.']
      : [
          `Chosen: ${chosen.label}. On the judged part, the ${formatDuration(judged.toMs - judged.fromMs)} after it, with all before it learnt:`,
          ...columns(1, [
            ['run', ...heads],
            [chosen.label, ...figures(chosen.judged)],
            [baseline, ...figures(judgedBaseline)],
          ]),
          ...chosen.atEnds.map(
            ({ parameter, value, end }) =>
              `Note: ${value} is the ${end} ${parameter} that is listed. What lies beyond was not tried; list it to know.`,
          ),
        ]),
  ]
  return printable(lines).join('\n')
}
