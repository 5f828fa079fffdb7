import { formatDuration } from '../core/units.ts'
import type { Comparison } from '../metrics/comparison.ts'
import { formatCount } from '../metrics/format.ts'

/** One thing that every output states of where its figures come from. */
export interface Fact {
  readonly term: string
  readonly text: string
}

/** What every output states: trace, digest, model options, baseline, seed and version. */
export function provenance(comparison: Comparison): readonly Fact[] {
  const { trace, model, baseline, version, runs } = comparison
  const size = `${formatCount(trace.apps)} apps, ${formatCount(trace.functions)} functions`
  const ranBy = distinct(runs.map((run) => run.version)).filter((other) => other !== version)
  return [
    {
      term: 'trace',
      text: `${trace.id} (${trace.format}): ${size}, ${formatCount(trace.invocations)} invocations in ${formatDuration(trace.horizonMs)}`,
    },
    { term: 'digest', text: trace.digest },
    { term: 'model', text: options(model) },
    { term: 'baseline', text: baseline },
    { term: 'seed', text: distinct(runs.map((run) => run.seed)).join(', ') },
    {
      term: 'version',
      text: `pilotlight ${version}${ranBy.length === 0 ? '' : ` (some runs by ${ranBy.join(', ')})`}`,
    },
  ]
}

/** Named values on one line, as in `spread=minute concurrency=unlimited`; the values of a list are parted by `|`. */
export function options(values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values)
    .map(
      ([name, value]) =>
        `${name}=${Array.isArray(value) ? value.map((part) => option(part)).join('|') : option(value)}`,
    )
    .join(' ')
}

function option(value: unknown): string {
  if (value === Number.POSITIVE_INFINITY) return 'unlimited'
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)]
}
