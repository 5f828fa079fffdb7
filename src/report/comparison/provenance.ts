import { DAY, HOUR, MINUTE, SECOND } from '../../core/units.ts'
import type { Comparison } from '../../metrics/comparison.ts'
import { judgedText } from '../../metrics/judged-text.ts'
import type { TraceSummary } from '../../metrics/run.ts'
import type { PriceTable } from '../../metrics/prices/price-table.ts'
import { formatCount, formatQuantity } from '../../metrics/format.ts'

/** One thing that every output states of where its figures come from. */
export interface Fact {
  readonly term: string
  readonly text: string
}

/** What every output states: trace, digest, model options, baseline, seed, version and, where there are any, prices. */
export function provenance(comparison: Comparison): readonly Fact[] {
  const { trace, traces = [trace], baseline, version, runs, prices, notes } = comparison
  const ranBy = distinct(runs.map((run) => run.version)).filter((other) => other !== version)
  return [
    ...traces.flatMap((each) => [
      { term: 'trace', text: `${each.id} (${each.format}): ${traceSize(each)}` },
      { term: 'digest', text: each.digest },
    ]),
    { term: 'model', text: options(modelOptions(comparison)) },
    { term: 'baseline', text: baseline.label },
    ...judgedParts(runs).map((text) => ({ term: 'judged', text })),
    { term: 'seed', text: listed(distinct(runs.map((run) => run.seed)), ', ') },
    {
      term: 'version',
      text: `pilotlight ${version}${ranBy.length === 0 ? '' : ` (some runs by ${ranBy.join(', ')})`}`,
    },
    ...(prices === null ? [] : [{ term: 'prices', text: priceOrigin(prices) }]),
    ...notes.map((text) => ({ term: 'note', text })),
  ]
}

/** The parts of the trace that runs were judged on; nothing where all were judged on the whole. */
function judgedParts(runs: Comparison['runs']): readonly string[] {
  if (runs.every(({ judged }) => judged === null)) return []
  const parts = distinct(runs.map(({ judged }) => (judged === null ? 'the whole trace' : judgedText(judged))))
  return [`${listed(parts, '; ')}; policies learn before it`]
}

/** How large a trace is, as in `17 apps, 20 functions, 1,234 invocations in 2 days`. */
export function traceSize({ apps, functions, invocations, horizonMs }: TraceSummary): string {
  const counts = [`${formatCount(apps)} apps`, `${formatCount(functions)} functions`]
  return `${counts.join(', ')}, ${formatCount(invocations)} invocations in ${spanOfTime(horizonMs)}`
}

/** Which prices were used, as in `aws-lambda: USD, us-east-1, 2026-01-31, https://…`. */
function priceOrigin({ id, currency, region, date, source }: PriceTable): string {
  return `${id}: ${[currency, region, date, source].filter((part) => part !== undefined).join(', ')}`
}

function spanOfTime(ms: number): string {
  const units = [
    [DAY, 'days'],
    [HOUR, 'hours'],
    [MINUTE, 'minutes'],
    [SECOND, 'seconds'],
  ] as const
  const [size, name] = units.find(([unit]) => ms >= 2 * unit) ?? [1, 'ms']
  return `${formatQuantity(ms / size)} ${name}`
}

/** Every option of the runs' models as an experiment spells it; the values of one that was swept are parted by `|`. */
function modelOptions({ runs }: Comparison): Readonly<Record<string, string>> {
  const names = distinct(runs.flatMap(({ spelt }) => Object.keys(spelt.model)))
  return Object.fromEntries(names.map((name) => [name, listed(valuesOf(runs, name), '|')]))
}

/** The options in which the runs' models differ. */
export function sweptOptions({ runs }: Comparison): readonly string[] {
  const names = distinct(runs.flatMap(({ spelt }) => Object.keys(spelt.model)))
  return names.filter(
    (name) => valuesOf(runs, name).length > 1 || runs.some(({ spelt }) => spelt.model[name] === undefined),
  )
}

function valuesOf(runs: Comparison['runs'], option: string): string[] {
  return distinct(runs.flatMap(({ spelt }) => spelt.model[option] ?? []))
}

/** Named values on one line, as in `spread=minute keepAlive=10m`. */
export function options(values: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value ?? '–'}`)
    .join(' ')
}

/** More values are counted: the rows of the runs have them all. */
const MOST_LISTED = 50

function listed(values: readonly (string | number)[], between: string): string {
  const shown = values.slice(0, MOST_LISTED).join(between)
  return values.length <= MOST_LISTED ? shown : `${shown}${between}… (${formatCount(values.length)} values)`
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)]
}
