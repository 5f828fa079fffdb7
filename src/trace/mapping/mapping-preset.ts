import type { Described } from '../../core/registry.ts'
import type { FileSample } from './file-sample.ts'
import type { Mapping } from './mapping.ts'

/** One shape that a preset's source is exported in. */
export interface SourceShape {
  /** What it is, as in `Logs Insights CSV`. */
  readonly name: string
  /** The columns of a table that it is told by. */
  readonly needs?: readonly string[]
  /** Whether a file looks like it, where columns alone do not tell. */
  readonly fits?: (look: FileSample) => boolean
  readonly mapping: Mapping | ((look: FileSample) => Mapping)
  /** What such a file lacks, so that it cannot be read. */
  readonly lacks?: { readonly problem: string; readonly hint: string }
}

/** A second table that a source may come with. */
interface Companion {
  /** What it is, as in `table of cold starts`. */
  readonly name: string
  fits(look: FileSample): boolean
  /** The mapping with that table. */
  join(mapping: Mapping, path: string): Mapping
}

/** A named mapping of a source that many people have. */
export interface MappingPreset extends Described {
  /** Where such files come from. */
  readonly source: string
  readonly looksFor: string
  /** Tried in this order. */
  readonly shapes: readonly SourceShape[]
  readonly companion?: Companion
}

/** Whether a file looks like a shape. */
export function fits(shape: SourceShape, look: FileSample): boolean {
  return shape.fits?.(look) ?? hasAll(look, ...(shape.needs ?? []))
}

/** Whether a table has all of these columns. */
export function hasAll(look: FileSample, ...names: readonly string[]): boolean {
  return look.as === 'csv' && names.every((name) => look.first.includes(name))
}

/** Whether the first records of JSON, or most of them, have something at a path. */
export function recordsHave(look: FileSample, ...paths: readonly string[]): boolean {
  const records = look.records.slice(0, 20)
  return records.some((record) => paths.every((path) => valueAt(record, path) !== undefined))
}

function valueAt(record: unknown, path: string): unknown {
  if (typeof record !== 'object' || record === null) return undefined
  if (Array.isArray(record))
    return (record as { field?: unknown; value?: unknown }[]).find((each) => each?.field === path)?.value
  const known = record as Record<string, unknown>
  if (path in known) return known[path]
  const [first = '', ...rest] = path.split('.')
  return rest.length === 0 ? undefined : valueAt(known[first], rest.join('.'))
}

/** Whether a line of a text matches. */
export function someLine(look: FileSample, pattern: RegExp): boolean {
  return look.as !== 'binary' && look.lines.some((line) => pattern.test(line))
}

/** The first part of the path in the line of a request, as in `GET /shop/x HTTP/1.1`. */
export const FIRST_OF_PATH = String.raw`^\S+ (?:https?://[^/\s]+)?/([^/?#\s]+)`

/** Names by which probes of load balancers and platforms call themselves. */
export const PROBES = String.raw`kube-probe|ELB-HealthChecker|GoogleHC|Envoy/HC|Prometheus/|Knative-.*-Probe|K-Network-Probe|UptimeRobot|Pingdom`
