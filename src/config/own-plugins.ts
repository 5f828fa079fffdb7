import { z } from 'zod'
import { UserError } from '../core/user-error.ts'
import { METRICS } from '../metrics/index.ts'
import type { Metric } from '../metrics/metric.ts'
import type { Chart } from '../report/chart.ts'
import { CHARTS } from '../report/charts/index.ts'
import type { TraceFormat } from '../trace/trace-format.ts'
import { formats } from '../trace/formats/index.ts'
import type { EvictionDefinition } from '../sim/cluster/idle-pool.ts'
import type { PlacementDefinition } from '../sim/cluster/placement.ts'
import { evictions } from '../sim/evictions/index.ts'
import { placements } from '../sim/placements/index.ts'
import { toldOf } from '../own/told.ts'
import { FormatApart } from './own-format/format-apart.ts'
import { guarded, loadModule, loadModuleApart, type OwnKind, readOwnFile } from './own-file.ts'

const MOST_BYTES = 1_000_000
const HINT = 'docs/design.md has the shape of every kind of plug-in.'

const text = z.string().min(1)
const id = z
  .string()
  .regex(/^[a-z][a-z0-9.-]*$/, 'expected small letters, digits, "-" and ".", beginning with a letter')
const method = z.custom((value) => typeof value === 'function', 'expected a function')
const described = { id, summary: text }

const METRIC: OwnKind = { what: 'a metric', mostBytes: MOST_BYTES, hint: HINT }
const metricSchema = z.looseObject({
  ...described,
  heading: text,
  unit: z.string(),
  better: z.enum(['lower', 'higher', 'neither']),
  headline: z.boolean(),
  within: method.optional(),
  of: method,
  format: method,
})

/** Loads a metric of the user's own. Throws a UserError for whatever is wrong with it, also when it is asked later. */
export async function loadOwnMetric(file: string, where: string): Promise<Metric> {
  await readOwnFile(file, where, METRIC)
  const own = (await loadModule(file, METRIC, metricSchema)) as Metric
  refuseListed(own.id, METRICS, file)
  return {
    ...own,
    ...(own.within === undefined ? {} : { within: guarded(file, 'within', own.within) }),
    of: guarded(file, 'of', own.of, (value) =>
      isFigure(value) ? undefined : `must give a finite number or null, found ${toldOf(value)}`,
    ),
    format: guarded(file, 'format', own.format, (value) =>
      typeof value === 'string' ? undefined : `must give a text, found ${toldOf(value)}`,
    ),
  }
}

function isFigure(value: unknown): boolean {
  return value === null || (typeof value === 'number' && Number.isFinite(value))
}

const CHART: OwnKind = { what: 'a chart', mostBytes: MOST_BYTES, hint: HINT }
const chartSchema = z.looseObject({ ...described, suits: method.optional(), draw: method })

/** Loads a chart of the user's own. Throws a UserError for whatever is wrong with it, also when it is drawn later. */
export async function loadOwnChart(file: string, where: string): Promise<Chart> {
  await readOwnFile(file, where, CHART)
  const own = (await loadModule(file, CHART, chartSchema)) as Chart
  refuseListed(own.id, CHARTS, file)
  return {
    ...own,
    file,
    ...(own.suits === undefined ? {} : { suits: guarded(file, 'suits', own.suits) }),
    draw: guarded(file, 'draw', own.draw, (spec: unknown) =>
      typeof spec === 'object' && spec !== null ? undefined : 'must give a vega-lite specification',
    ),
  }
}

const FORMAT: OwnKind = { what: 'a trace format', mostBytes: MOST_BYTES, hint: HINT }
const formatSchema = z.looseObject({
  ...described,
  source: text,
  looksFor: text,
  defects: z.array(z.looseObject({ id: text, found: text, rule: text })),
  recognises: method,
  read: method,
  readAll: method.optional(),
})

/**
 * Loads a trace format of the user's own; what it does, it does in a thread of its own. Throws a UserError for whatever is
 * wrong with it, also when it is called later.
 */
export async function loadOwnFormat(file: string, where: string, longestMs?: number): Promise<TraceFormat> {
  const { path, sha256 } = await readOwnFile(file, where, FORMAT)
  const own = (await loadModuleApart(file, FORMAT, formatSchema)) as TraceFormat
  refuseListed(own.id, formats, file)
  const { isBeside: _, readAll, ...described } = own
  const apart = new FormatApart({ file: path, sha256 }, file, longestMs)
  return {
    ...described,
    recognises: (from) => apart.recognises(from),
    read: (from, options) => apart.read('read', [from], options),
    ...(readAll === undefined ? {} : { readAll: (paths, options) => apart.read('readAll', paths, options) }),
  }
}

const EVICTION: OwnKind = { what: 'an eviction order', mostBytes: MOST_BYTES, hint: 'docs/cluster.md shows one.' }
const evictionSchema = z.looseObject({
  ...described,
  paper: text.optional(),
  needsFuture: z.literal(true).optional(),
  pool: method,
})

/** Loads an eviction order of the user's own. Throws a UserError for whatever is wrong with it. */
export async function loadOwnEviction(file: string, where: string): Promise<EvictionDefinition> {
  const { path, sha256 } = await readOwnFile(file, where, EVICTION)
  const own = (await loadModuleApart(file, EVICTION, evictionSchema)) as EvictionDefinition
  refuseListed(own.id, evictions, file)
  return { ...own, code: { file: path, sha256 } }
}

const PLACEMENT: OwnKind = { what: 'a placement', mostBytes: MOST_BYTES, hint: 'docs/cluster.md shows one.' }
const placementSchema = z.looseObject({ ...described, source: text.optional(), create: method })

/** Loads a placement of the user's own. Throws a UserError for whatever is wrong with it. */
export async function loadOwnPlacement(file: string, where: string): Promise<PlacementDefinition> {
  const { path, sha256 } = await readOwnFile(file, where, PLACEMENT)
  const own = (await loadModuleApart(file, PLACEMENT, placementSchema)) as PlacementDefinition
  refuseListed(own.id, placements, file)
  return { ...own, code: { file: path, sha256 } }
}

function refuseListed(
  name: string,
  list: { readonly kind: string; readonly ids: readonly string[] },
  file: string,
): void {
  if (!list.ids.includes(name)) return
  throw new UserError({
    where: file,
    problem: `id: there is ${/^[aeiou]/.test(list.kind) ? 'an' : 'a'} ${list.kind} of pilotlight called ${name}`,
    hint: 'Choose another id.',
  })
}
