import { DAY, formatMemory, HOUR, MINUTE, SECOND } from '../../core/units.ts'
import type { Comparison, TraceSummary } from '../../metrics/comparison.ts'
import type { PriceTable } from '../../metrics/prices/price-table.ts'
import { formatCount, formatQuantity } from '../../metrics/format.ts'

/** One thing that every output states of where its figures come from. */
export interface Fact {
  readonly term: string
  readonly text: string
}

/** What every output states: trace, digest, model options, baseline, seed, version and, where there are any, prices. */
export function provenance(comparison: Comparison): readonly Fact[] {
  const { trace, model, baseline, version, runs, prices } = comparison
  const ranBy = distinct(runs.map((run) => run.version)).filter((other) => other !== version)
  return [
    { term: 'trace', text: `${trace.id} (${trace.format}): ${traceSize(trace)}` },
    { term: 'digest', text: trace.digest },
    { term: 'model', text: options(model) },
    { term: 'baseline', text: baseline },
    { term: 'seed', text: distinct(runs.map((run) => run.seed)).join(', ') },
    {
      term: 'version',
      text: `pilotlight ${version}${ranBy.length === 0 ? '' : ` (some runs by ${ranBy.join(', ')})`}`,
    },
    ...(prices === null ? [] : [{ term: 'prices', text: priceOrigin(prices) }]),
  ]
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

/** The options in which the runs' models differ. */
export function sweptOptions({ runs }: Comparison): readonly string[] {
  const names = distinct(runs.flatMap(({ model }) => Object.keys(model)))
  return names.filter((name) => distinct(runs.map(({ model }) => option(model[name]))).length > 1)
}

/** Named values on one line, as in `spread=minute concurrency=unlimited`; the values of a list are parted by `|`. */
export function options(values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${alternatives(value).map(option).join('|')}`)
    .join(' ')
}

/** The values of an option that was swept, or its only one. */
function alternatives(value: unknown): readonly unknown[] {
  return Array.isArray(value) && !isNodes(value) ? value : [value]
}

function option(value: unknown): string {
  if (isNodes(value)) return value.map(({ count, memoryMb }) => `${count}x${formatMemory(memoryMb)}`).join('+')
  if (value === Number.POSITIVE_INFINITY) return 'unlimited'
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  if (!isObject(value)) return String(value)
  return `(${Object.entries(value)
    .map(([name, part]) => `${name}=${option(part)}`)
    .join(', ')})`
}

/** Whether a value is the nodes of one cluster; of several, where nodes were swept, it is a list of such. */
function isNodes(value: unknown): value is readonly { readonly count: number; readonly memoryMb: number }[] {
  return Array.isArray(value) && value.length > 0 && value.every((part) => isObject(part) && 'memoryMb' in part)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)]
}
