import type { Comparison } from '../../metrics/comparison.ts'
import type { PairedDifference, FigureSpread, Standing } from '../../metrics/decision/decision.ts'
import { type Language, told } from '../../language/language.ts'
import type { Metric } from '../../metrics/metric.ts'

/** A table of texts with its heads; the first column is of names. */
export interface TextTable {
  readonly heads: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** More columns and rows are in the JSON document only. */
const [MOST_COLUMNS, MOST_ROWS] = [8, 40]

/** What must be known to trust the figures, on one line; what weakens them has a mark before it. */
export function trustText({ decision: { trust } }: Comparison): string {
  return trust.map(({ level, short }) => (level === 'caution' ? `! ${short}` : short)).join(' · ')
}

/** One row per candidate, one column per world: rank, what is to be least, and what is limited. Nothing for one column. */
export function holdsTable({ decision, columns: metrics, language }: Comparison): TextTable | undefined {
  const { columns, candidates, goal } = decision
  if (columns.length < 2) return undefined
  // A report of some columns leaves out what is not among them.
  const named = (id: string): Metric | undefined => metrics.find((metric) => metric.id === id)
  const shown = columns.slice(0, MOST_COLUMNS)
  const cell = (standing: Standing | null): string => {
    if (standing === null) return '–'
    const { value, limited, rank } = standing
    const figures = [goal.minimise, ...goal.limits.map(({ metric }) => metric)].flatMap((id, at) => {
      const spread = at === 0 ? value : limited[at - 1]
      const metric = named(id)
      if (metric === undefined) return []
      if (spread === null || spread === undefined) return ['–']
      return [`${metric.format(spread.mean)}${metric.unit.startsWith('%') ? ' %' : ''}`]
    })
    const at = figures.join(told(language, 'list.at'))
    return rank === null
      ? told(language, 'holds.beyond', { figures: at })
      : told(language, 'holds.at', { figures: at, rank })
  }
  return {
    heads: [told(language, 'holds.rankIn'), ...shown.map(({ name }) => name)],
    rows: candidates
      .slice(0, MOST_ROWS)
      .map(({ label, standings }) => [label, ...shown.map((_, column) => cell(standings[column] ?? null))]),
  }
}

/** What is left out of {@link holdsTable}, in a sentence; nothing where it has all. */
export function holdsRest({ decision: { columns, candidates }, language }: Comparison): string[] {
  const [worlds, rows] = [columns.length - MOST_COLUMNS, candidates.length - MOST_ROWS]
  const left = [
    ...(worlds > 0 ? [told(language, 'holds.moreColumns', { count: worlds })] : []),
    ...(rows > 0 ? [told(language, 'holds.moreCandidates', { count: rows })] : []),
  ]
  return left.length === 0 ? [] : [told(language, 'holds.rest', { left: left.join(told(language, 'list.and')) })]
}

/** One row for runs that differ in seed, spread or judged part only; nothing where there are none such. */
export function groupsTable({ decision, columns: metrics, language }: Comparison): TextTable | undefined {
  const { groups, worlds, goal } = decision
  if (groups.every(({ runs }) => runs.length < 2)) return undefined
  const metric = metrics.find(({ id }) => id === goal.minimise)
  const idle = metrics.find(({ id }) => id === 'idle-memory-relative')
  if (metric === undefined || idle === undefined) return undefined
  const several = worlds.length > 1
  return {
    heads: [
      told(language, 'groups.over'),
      told(language, 'groups.runs'),
      metric.heading,
      told(language, 'groups.range'),
      told(language, 'groups.cold'),
      told(language, 'groups.interval'),
      told(language, 'groups.wins'),
      told(language, 'groups.idle'),
    ],
    rows: groups
      .slice(0, MOST_ROWS)
      .map(({ label, world, runs, metrics: own, missed }) => [
        several && !label.endsWith(` ${worlds[world]!.name}`) ? `${label} ${worlds[world]!.name}` : label,
        String(runs.length),
        ...spreadTexts(own[metric.id] ?? null, metric, language),
        ...differenceTexts(missed, language),
        own[idle.id] === null || own[idle.id] === undefined ? '–' : `${idle.format(own[idle.id]!.mean)} %`,
      ]),
  }
}

function spreadTexts(spread: FigureSpread | null, { format }: Metric, language: Language): [string, string] {
  if (spread === null) return ['–', '–']
  const { mean, least, most } = spread
  const isOne = least === most
  const range = { low: format(least), high: format(most) }
  return [format(mean), isOne ? told(language, 'groups.equal') : told(language, 'groups.to', range)]
}

function differenceTexts(difference: PairedDifference | null, language: Language): [string, string, string] {
  if (difference === null) return ['–', '–', '–']
  const { relative, low, high, wins, pairs } = difference
  const range =
    low === null || high === null ? '–' : told(language, 'groups.to', { low: percent(low), high: percent(high) })
  return [relative === null ? '–' : `${percent(relative)} %`, range, told(language, 'groups.of', { wins, pairs })]
}

function percent(share: number): string {
  const rounded = (100 * share).toFixed(1)
  return share > 0 && Number(rounded) > 0 ? `+${rounded}` : rounded.replace(/^-(0\.0)$/, '$1')
}
