import type { FileSample } from '../file-sample.ts'
import { hasAll, type MappingPreset } from '../mapping-preset.ts'

/** Huawei 2023: a table per day, a row per minute or second, a column per function; empty cells are zeros. */
export const huawei2023: MappingPreset = {
  id: 'huawei-2023',
  summary: 'Huawei 2023 and 2025: wide tables of requests a minute or a second, a column per function, a file per day.',
  source: 'https://github.com/sir-lab/data-release (CC BY 4.0)',
  looksFor: 'a CSV file with the header "day,time" and then a column per function',
  shapes: [
    {
      name: 'wide table',
      fits: (look) =>
        hasAll(look, 'day', 'time') &&
        look.first.length > 2 &&
        look.first.slice(2).every((name) => /^\d+$|---/.test(name)),
      mapping: (look) => ({
        read: { as: 'csv' },
        app: '{column}',
        memory: { from: '{column}', match: String.raw`---\D*\d*-\d+-(\d+)$`, unit: 'MB' },
        start: { from: 'time', unit: 's' },
        // Seconds since the set began: a whole number of days from there, hours stay true.
        origin: 'midnight',
        counts: { layout: 'columns', bucketMs: 1000 * stepOf(look), except: ['day'] },
      }),
    },
  ],
}

/** Seconds from one row to the next; a minute where there is one row. */
function stepOf({ first, rows }: FileSample): number {
  const at = first.indexOf('time')
  const [one, two] = rows.map((row) => Number(row[at]))
  const step = one === undefined || two === undefined ? 60 : two - one
  return step > 0 && Number.isInteger(step) ? step : 60
}
