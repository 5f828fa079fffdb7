import { guessedClock } from '../moment-reader.ts'
import type { FileSample } from '../file-sample.ts'
import type { Moment } from '../mapping.ts'
import { type MappingPreset, recordsHave } from '../mapping-preset.ts'

const TIME_NAMES = /^(?:time|timestamp|date|datetime|bucket|minute_start|ds|ts)$/i
const NUMBER_OR_NOTHING = /^$|^\d+(?:\.\d+)?$/

/** A table of anybody's: one row per bucket of time, a column per function; or a range query of Prometheus. */
export const countTable: MappingPreset = {
  id: 'count-table',
  summary:
    'Counts per bucket of any width: a table with a column per function, or the result of a Prometheus range query.',
  source: 'Grafana, Prometheus, a query of your own',
  looksFor:
    'a CSV file whose first column is a time (time, timestamp, date) and whose others are counts, or Prometheus JSON',
  shapes: [
    {
      name: 'wide table',
      fits: (look) =>
        look.as === 'csv' &&
        look.hasHeader &&
        TIME_NAMES.test(look.first[0]!) &&
        look.rows.length > 1 &&
        look.rows.every((row) => row.slice(1).every((text) => NUMBER_OR_NOTHING.test(text))) &&
        Number.isFinite(widthOf(look).bucketMs),
      mapping: (look) => {
        const { moment, bucketMs } = widthOf(look)
        return {
          read: { as: 'csv', delimiter: look.delimiter },
          app: '{column}',
          start: moment,
          counts: { layout: 'columns', bucketMs },
        }
      },
    },
    {
      name: 'Prometheus range query',
      fits: (look) => look.as === 'json' && recordsHave(look, 'metric', 'values'),
      mapping: (look) => ({
        read: { as: 'json', rows: look.rowsAt },
        app: { from: labelOf(look), otherwise: '{metric}' },
        counts: { layout: 'series', bucketMs: seriesStep(look), value: 'values' },
      }),
    },
  ],
}

/** How the first column tells the time, and how wide its buckets are; NaN where that cannot be told. */
function widthOf({ first, rows }: FileSample): { readonly moment: Moment; readonly bucketMs: number } {
  const from = first[0] ?? 'time'
  const texts = rows.map((row) => row[0]!)
  const guessed = guessedClock(texts[0] ?? '', 'UTC')
  const moment: Moment = typeof guessed === 'function' ? { from } : { from, unit: 's' }
  const times = texts.map((text) =>
    typeof guessed === 'function' ? (guessed(text) ?? Number.NaN) : Number(text) * 1000,
  )
  const steps = times.slice(1).map((time, index) => time - times[index]!)
  // The smallest step: rows of a gap are missing.
  const bucketMs = Math.min(...steps)
  return { moment, bucketMs: bucketMs >= 1 && Number.isInteger(bucketMs) ? bucketMs : Number.NaN }
}

const LABELS = [
  'function_name',
  'functionname',
  'faas_name',
  'function',
  'revision_name',
  'service_name',
  'service',
  'action',
  'app',
]

/** The label that names functions; the whole set of labels where none of the usual ones tells the series apart. */
function labelOf({ records }: FileSample): string {
  const metrics = records.map((record) => (record as { metric?: Record<string, unknown> }).metric ?? {})
  const label = LABELS.find((name) => new Set(metrics.map((metric) => metric[name] ?? '')).size === metrics.length)
  return label === undefined || metrics.some((metric) => metric[label] === undefined) ? 'metric' : `metric.${label}`
}

function seriesStep({ records }: FileSample): number {
  const steps = records.flatMap((record) => {
    const { values } = record as { values?: unknown }
    if (!Array.isArray(values)) return []
    const times = (values as unknown[]).map((pair) => (Array.isArray(pair) ? Number(pair[0]) : Number.NaN))
    return times.slice(1).map((time, index) => Math.round((time - times[index]!) * 1000))
  })
  const step = Math.min(...steps.filter((each) => each > 0))
  return Number.isFinite(step) ? step : 60_000
}
