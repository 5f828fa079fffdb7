import { beginning } from '../../core/calendar.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../core/units.ts'
import type { Comparison } from '../../metrics/comparison.ts'
import { judgedText } from '../../metrics/judged-text.ts'
import type { TraceSummary } from '../../metrics/run.ts'
import type { PriceTable } from '../../metrics/prices/price-table.ts'
import { ENGLISH, type Language, told } from '../../language/language.ts'
import { formatCount, formatQuantity } from '../../metrics/figure-text.ts'

/** One thing that every output states of where its figures come from. */
export interface Fact {
  readonly term: string
  readonly text: string
}

/** What the facts are called. */
type FactName = 'trace' | 'digest' | 'model' | 'baseline' | 'judged' | 'seed' | 'version' | 'prices' | 'note'

/** What every output states: trace, digest, model options, baseline, seed, version and, where there are any, prices. */
export function provenance(comparison: Comparison): readonly Fact[] {
  const { trace, traces = [trace], baseline, version, runs, prices, notes, language } = comparison
  const ranBy = distinct(runs.map((run) => run.version)).filter((other) => other !== version)
  const term = (name: FactName): string => told(language, `fact.${name}`)
  const others = ranBy.join(', ')
  return [
    ...traces.flatMap((each) => [
      { term: term('trace'), text: `${each.id} (${each.format}): ${sizeAndTime(each, language)}` },
      { term: term('digest'), text: each.digest },
    ]),
    { term: term('model'), text: options(modelOptions(comparison)) },
    { term: term('baseline'), text: baseline.label },
    ...judgedParts(comparison).map((text) => ({ term: term('judged'), text })),
    { term: term('seed'), text: listed(distinct(runs.map((run) => run.seed)), ', ', language) },
    {
      term: term('version'),
      text: others === '' ? `pilotlight ${version}` : told(language, 'fact.otherVersions', { version, others }),
    },
    ...(prices === null ? [] : [{ term: term('prices'), text: priceOrigin(prices) }]),
    ...notes.map((text) => ({ term: term('note'), text })),
  ]
}

/** The parts of the trace that runs were judged on; nothing where all were judged on the whole. */
function judgedParts({ runs, language }: Comparison): readonly string[] {
  if (runs.every(({ judged }) => judged === null)) return []
  const parts = distinct(
    runs.map(({ judged }) => (judged === null ? told(language, 'fact.wholeTrace') : judgedText(judged, language))),
  )
  return [told(language, 'fact.parts', { parts: listed(parts, '; ', language) })]
}

/** How large a trace is and, where it tells, when it began. */
function sizeAndTime(trace: TraceSummary, language: Language = ENGLISH): string {
  const size = traceSize(trace, language)
  const when = beginning(trace)
  return when === undefined ? size : told(language, 'trace.from', { size, when })
}

/** How large a trace is, as in `17 apps, 20 functions, 1,234 invocations in 2 days`. */
export function traceSize(
  { apps, functions, invocations, horizonMs }: TraceSummary,
  language: Language = ENGLISH,
): string {
  return told(language, 'trace.size', {
    apps: formatCount(apps),
    functions: formatCount(functions),
    invocations: formatCount(invocations),
    span: spanOfTime(horizonMs, language),
  })
}

/** Which prices were used, as in `aws-lambda: USD, us-east-1, 2026-01-31, https://…`. */
function priceOrigin({ id, currency, region, date, source }: PriceTable): string {
  return `${id}: ${[currency, region, date, source].filter((part) => part !== undefined).join(', ')}`
}

function spanOfTime(ms: number, language: Language): string {
  const units = [
    [DAY, 'days'],
    [HOUR, 'hours'],
    [MINUTE, 'minutes'],
    [SECOND, 'seconds'],
  ] as const
  const [size, name] = units.find(([unit]) => ms >= 2 * unit) ?? [1, 'ms']
  return told(language, `span.${name}`, { count: formatQuantity(ms / size) })
}

/** Every option of the runs' models as an experiment spells it; the values of one that was swept are parted by `|`. */
function modelOptions({ runs, language }: Comparison): Readonly<Record<string, string>> {
  const names = distinct(runs.flatMap(({ spelt }) => Object.keys(spelt.model)))
  return Object.fromEntries(names.map((name) => [name, listed(valuesOf(runs, name), '|', language)]))
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

function listed(values: readonly (string | number)[], between: string, language: Language): string {
  const shown = values.slice(0, MOST_LISTED).join(between)
  if (values.length <= MOST_LISTED) return shown
  return told(language, 'fact.values', { shown, between, count: formatCount(values.length) })
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)]
}
