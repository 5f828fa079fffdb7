import { counted } from '../../core/counted.ts'
import type { Comparison } from '../../metrics/comparison.ts'
import type { ChosenRun, Choice } from './choice.ts'
import { figureText } from '../../metrics/decision/figure.ts'
import type { Count } from '../../metrics/decision/wins.ts'
import { formatCount } from '../../metrics/figure-text.ts'
import { textReport, type TextOptions } from '../../report/comparison/text-report.ts'

/** A choice as lines for a terminal, with the comparison that it comes from below. */
export function choiceText(choice: Choice, comparison: Comparison, options: TextOptions): string {
  const { winner, runnerUp, column, export: line } = choice
  const bound = winner?.bound ?? null
  const where = column === null || comparison.decision.columns.length < 2 ? '' : ` in ${column}`
  const lines = [
    ...(winner === null ? [] : [`winner    ${described(winner, choice, comparison)}${where}`]),
    ...(runnerUp === null ? [] : [`next      ${described(runnerUp, choice, comparison)}${where}`]),
    ...(bound === null ? [] : [`bound     ${boundText(bound, comparison)}`]),
    ...(winner === null ? [] : [`wins      ${tallyText(winner)}`]),
    ...(line === null ? [] : [`export    ${line}`]),
  ]
  return [...lines, ...(lines.length === 0 ? [] : ['']), textReport(comparison, options)].join('\n')
}

function described(run: ChosenRun, { goal }: Choice, { columns }: Comparison): string {
  const figures = [goal.minimise, ...goal.limits.map(({ metric }) => metric)].flatMap((id, at) => {
    const spread = at === 0 ? run.value : run.limited[at - 1]
    if (spread === null || spread === undefined) return []
    const metric = columns.find((each) => each.id === id)!
    const range =
      spread.least === spread.most
        ? ''
        : ` (${metric.format(spread.least)} to ${metric.format(spread.most)} over its seeds)`
    return [`${figureText(spread.mean, metric)}${range}`]
  })
  return `${run.label}: ${figures.join(' at ')}`
}

function boundText(
  { bound, leastColdStarts, times }: NonNullable<ChosenRun['bound']>,
  { decision }: Comparison,
): string {
  const curve = decision.bounds.flatMap(({ curves }) => curves).find(({ id }) => id === bound)
  const far = times === null ? '' : `, which it has ${times.toFixed(2)} times`
  const whom = curve === undefined ? '' : ` ${curve.bounds}`
  return `at least ${formatCount(leastColdStarts)} cold starts at its idle memory${far} (${bound}).${whom}`
}

function tallyText({ tally: { worlds, columns, seeds, days } }: ChosenRun): string {
  const counts = [
    count(worlds, 'world'),
    ...(columns.of > worlds.of ? [count(columns, 'column')] : []),
    count(seeds, 'run'),
    ...(days === null ? [] : [count(days, 'judged day')]),
  ]
  return `in ${counts.join(', ')}`
}

function count({ wins, of }: Count, name: string): string {
  return `${wins} of ${counted(of, name)}`
}
