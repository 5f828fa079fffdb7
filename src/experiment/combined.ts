import { UserError } from '../core/user-error.ts'
import { ENGLISH, told } from '../language/language.ts'
import type { Comparison } from '../metrics/comparison.ts'
import type { Metric } from '../metrics/metric.ts'
import type { FinishedRun, TraceSummary } from '../metrics/run.ts'
import { withFacts } from '../metrics/with-facts.ts'
import { type ComparingOptions, comparisonOf, type Results } from './results.ts'

/** Results of one experiment, with its own columns. */
export interface CombinedInput {
  readonly results: Results
  readonly metrics: readonly Metric[]
}

/** Results of several experiments as if they were one's. */
export interface Combined extends CombinedInput {
  /** All traces, where there are several. */
  readonly traces?: readonly TraceSummary[]
}

/** The runs of several experiments beside each other; see {@link combinedResults}. */
export function combinedComparison(inputs: readonly CombinedInput[], options: ComparingOptions = {}): Comparison {
  const { results, metrics, traces } = combinedResults(inputs)
  const comparison = comparisonOf(results, metrics, options)
  return traces === undefined ? comparison : { ...comparison, traces }
}

/**
 * The runs of several experiments, each with the baseline of its own world; a run that several have is there once. The
 * first one names the baseline and the prices. Traces are a part of the world where they differ, and runs of one label are
 * told apart by their experiment. Throws a UserError where an experiment has no finished run of the first one's baseline.
 */
export function combinedResults([first, ...others]: readonly CombinedInput[]): Combined {
  if (first === undefined) throw new Error('there is nothing to combine')
  if (others.length === 0) return first
  const all = [first, ...others]
  const { record } = first.results
  const traces = distinctTraces(all)
  const isOneName = new Set(traces.map(({ id }) => id)).size < traces.length
  const runs = new Map<string, FinishedRun>()
  const labels = digestsByLabel(all)
  for (const { results } of all) {
    const { baseline, name, trace } = results.record
    if (!results.finished.some(({ variant }) => variant === record.baseline.variant)) {
      const problem = `it has no finished run of the baseline ${record.baseline.label}, which the first one names`
      const own = baseline.variant === record.baseline.variant ? '' : ` (its own is ${baseline.label})`
      throw new UserError({
        where: name,
        problem: problem + own,
        hint: 'Let all experiments have one baseline in common.',
      })
    }
    for (const run of results.finished) {
      const label = labels.get(run.label)!.size === 1 ? run.label : `${run.label} ${name}`
      const placed =
        traces.length === 1 ? run : onTrace(run, isOneName ? `${trace.id} (${trace.digest.slice(0, 8)})` : trace.id)
      if (!runs.has(run.digest)) runs.set(run.digest, withFacts(placed, { label }))
    }
  }
  const notes = [...new Set(all.flatMap(({ results }) => results.record.notes))]
  const mixed = all.some(({ results }) => results.record.prices?.id !== record.prices?.id)
  const metrics = [...new Map(all.flatMap((input) => input.metrics).map((metric) => [metric.id, metric])).values()]
  const offers = record.trace.offers.filter((fact) =>
    all.every(({ results }) => results.record.trace.offers.includes(fact)),
  )
  const { measured: _, ...rest } = first.results
  const measured = traces.length === 1 ? measuredTogether(all) : undefined
  const results: Results = {
    ...rest,
    ...(measured === undefined ? {} : { measured }),
    record: {
      ...record,
      name: [...new Set(all.map((input) => input.results.record.name))].join(' + '),
      trace: { ...record.trace, offers },
      notes: mixed ? [...notes, told(ENGLISH, 'note.prices', { experiment: record.name })] : notes,
    },
    finished: [...runs.values()],
    bounds: all.flatMap((input) => input.results.bounds),
    unfinished: all.flatMap((input) => input.results.unfinished),
  }
  return { results, metrics, ...(traces.length === 1 ? {} : { traces }) }
}

/** The runs of all beside what the first tells was measured, as far as they have the same apps in the same part of the time. */
function measuredTogether(all: readonly CombinedInput[]): Results['measured'] {
  const [first, ...others] = all.flatMap(({ results }) => results.measured ?? [])
  if (first === undefined) return undefined
  const same = others.filter(
    ({ apps, overTime }) => JSON.stringify([apps, overTime]) === JSON.stringify([first.apps, first.overTime]),
  )
  return { ...first, runs: Object.assign({}, ...[...same, first].map(({ runs }) => runs)) as typeof first.runs }
}

/** Digests of the runs that have a label, in whichever experiment. */
function digestsByLabel(all: readonly CombinedInput[]): ReadonlyMap<string, ReadonlySet<string>> {
  const runs = Map.groupBy(
    all.flatMap(({ results }) => results.finished),
    ({ label }) => label,
  )
  return new Map([...runs].map(([label, own]) => [label, new Set(own.map(({ digest }) => digest))]))
}

function distinctTraces(all: readonly CombinedInput[]): TraceSummary[] {
  const traces = all.map(({ results }) => {
    const { offers: _offers, ...summary } = results.record.trace
    return summary
  })
  return [...new Map(traces.map((trace) => [trace.digest, trace])).values()]
}

/** A run in a world that has its trace among its options. */
function onTrace(run: FinishedRun, trace: string): FinishedRun {
  const { model, spelt } = run
  return withFacts(run, { model: { ...model, trace }, spelt: { ...spelt, model: { ...spelt.model, trace } } })
}
