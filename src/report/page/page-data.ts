import { timeOfDay } from '../../core/calendar.ts'
import type { Comparison, RunSummary } from '../../metrics/comparison.ts'
import { MB_PER_GB } from '../../metrics/memory-time.ts'
import { type Language, told } from '../../language/language.ts'
import type { Metric } from '../../metrics/metric.ts'
import { REASONS } from '../../metrics/run.ts'
import { judgedText } from '../../metrics/judged-text.ts'
import { options, sweptOptions } from '../comparison/provenance.ts'
import { marked, runMarks } from '../comparison/run-style.ts'
import { hasValues } from '../comparison/metric-table.ts'
import type { Material } from '../renderer.ts'
import { appColumns } from './app-columns.ts'
import { stripColumns } from './app-strips.ts'
import type { PageBound, PageData, PageRun, PageWord } from './page-contents.ts'
import { figureBytes, Packing } from './packed-columns.ts'

/** So many letters of a run's digest are its key. */
export const KEY_LENGTH = 10

/** Gathers what the page's script needs of a comparison. */
export function pageData(comparison: Comparison, { apps, strips = [], experiment }: Material): PageData {
  const { runs, baseline, trace, language } = comparison
  const columns = comparison.columns.filter((metric) => hasValues(comparison, metric))
  const timelines = new Packing()
  const of = { comparison, columns, timelines, worlds: worldsOf(comparison), groups: groupsOf(runs) }
  const marks = runMarks(runs.map((run) => ({ ...marked(run), variant: run.variant })))
  return {
    words: pageWords(language),
    experiment: comparison.experiment,
    version: comparison.version,
    command: experiment ?? `${comparison.experiment}.yaml`,
    traceDigest: trace.digest,
    horizonMs: trace.horizonMs,
    clock: trace.startsAtMs === undefined ? null : { midnightMs: timeOfDay(trace), zone: trace.zone ?? 'UTC' },
    baseline: baseline.label,
    goal: goalOf(comparison),
    bounds: boundsOf(comparison),
    columns: columns.map(({ id, heading, unit, summary, better, headline }) => ({
      id,
      heading,
      unit,
      summary,
      better,
      headline,
    })),
    runs: runs.map((run, position) => pageRun(run, position, marks[position]!, of)),
    reasons: REASONS.map((id) => ({ id, meaning: told(language, `meaning.${id}`) })),
    timelines: timelines.packed(),
    apps: apps === undefined ? null : appColumns(comparison, apps),
    strips: stripColumns(strips),
  }
}

function pageWords({ words }: Language): PageData['words'] {
  const own = Object.entries(words).filter(([word]) => word.startsWith('page.'))
  return Object.fromEntries(own) as Record<PageWord, string>
}

function goalOf({ decision: { goal } }: Comparison): PageData['goal'] {
  const [limit] = goal.limits
  return { x: goal.minimise, y: limit?.metric ?? null, budget: limit?.value ?? null }
}

/** Points of a curve that a chart can show. */
const MOST_POINTS = 200

function boundsOf({ decision, runs, baseline, language }: Comparison): PageBound[] {
  return decision.bounds.flatMap(({ runs: positions, curves }) => {
    const base = positions.map((position) => runs[position]!).find(({ variant }) => variant === baseline.variant)
    const idleMbS = base?.totals.idleMbS ?? 0
    return curves.map(({ id, title, points }) => {
      const step = Math.max(1, Math.ceil(points.length / MOST_POINTS))
      const shown = points.filter((_, index) => index % step === 0 || index === points.length - 1)
      const drawn = shown.map((point) => {
        const relative = idleMbS === 0 ? null : (100 * point.idleMbS) / idleMbS
        return [point.coldStarts, point.idleMbS / MB_PER_GB, relative] as const
      })
      return { runs: positions, title: language.bounds[id]?.title ?? title, points: drawn }
    })
  })
}

interface Whole {
  readonly comparison: Comparison
  readonly columns: readonly Metric[]
  readonly timelines: Packing
  readonly worlds: readonly string[]
  readonly groups: readonly number[]
}

function pageRun(
  run: RunSummary,
  position: number,
  { colour, shape }: { readonly colour: string; readonly shape: string },
  { comparison, columns, timelines, worlds, groups }: Whole,
): PageRun {
  const { digest, label, policy, spelt, model, seed, judged, charts, totals } = run
  const { fromMs, toMs } = judged ?? { fromMs: 0, toMs: comparison.trace.horizonMs }
  const values = columns.map(({ id }) => run.metrics[id] ?? null)
  return {
    key: digest.slice(0, KEY_LENGTH),
    label,
    policy,
    params: options(spelt.params),
    world: worlds[position]!,
    group: groups[position]!,
    seed,
    isBaseline: run.variant === comparison.baseline.variant,
    colour,
    shape,
    unit: String(model['unit']),
    values: values.map((value) => (value === null ? null : Number(value.toPrecision(7)))),
    texts: values.map((value, column) => (value === null ? '–' : columns[column]!.format(value))),
    reasons: REASONS.map((reason) => run.reasons[reason]),
    invocations: totals.invocations,
    fromMs,
    toMs,
    days:
      run.days?.map((day) => ({
        fromMs: day.fromMs,
        coldShare: day.invocations === 0 ? null : day.coldStarts / day.invocations,
      })) ?? null,
    loaded: timelines.add(figureBytes(charts.loadedMb)),
    bucketMs: charts.bucketMs,
  }
}

/** Where each run took place, as the decision has it; empty where there is one place. */
function worldsOf(comparison: Comparison): readonly string[] {
  const { runs, decision, language } = comparison
  const places = new Map(
    decision.candidates.flatMap(({ standings }) =>
      standings.flatMap((standing, column) =>
        (standing?.runs ?? []).map((run) => [run, decision.columns[column]!.name] as const),
      ),
    ),
  )
  if (places.size > 0) return runs.map((_, run) => (decision.columns.length === 1 ? '' : places.get(run)!))
  // Nothing was decided: what differs tells them apart.
  const swept = sweptOptions(comparison)
  const parts = new Set(runs.map(({ judged }) => JSON.stringify(judged)))
  return runs.map(({ spelt, judged }) => {
    const differing = options(Object.fromEntries(swept.map((name) => [name, spelt.model[name]])))
    const part = judged === null ? told(language, 'fact.wholeTrace') : judgedText(judged, language)
    return [differing, ...(parts.size > 1 ? [part] : [])].filter((text) => text !== '').join(', ')
  })
}

/** The group of each run: the position of the first run that differs from it in nothing but the seed. */
function groupsOf(runs: readonly RunSummary[]): readonly number[] {
  const first = new Map<string, number>()
  return runs.map((run, position) => {
    const { variant, world } = marked({ ...run, seed: 0 })
    const key = `${variant} ${world}`
    if (!first.has(key)) first.set(key, position)
    return first.get(key)!
  })
}
