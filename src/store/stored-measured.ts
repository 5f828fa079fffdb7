import type { Database as Connection } from 'better-sqlite3'
import { z } from 'zod'
import type { MeasuredStarts } from '../metrics/measured.ts'
import { checkedJson } from './damage.ts'
import { readRow, writeRow } from './stored-rows.ts'

const counts = z.array(z.number().min(0))
const startsSchema = z.object({
  known: counts,
  cold: counts,
  overTime: z.object({ fromMs: z.number().min(0), partMs: z.number().positive(), cold: counts }),
  keepAlive: z.object({
    survived: z.number().min(0),
    longestSurvivedMs: z.number().min(0),
    ended: z.number().min(0),
    shortestEndedMs: z.number().min(0).nullable(),
    windowMs: z.number().min(0),
    mistaken: z.number().min(0),
  }),
  idleTimes: z.object({ fromMs: counts, survived: counts, ended: counts }),
})

/** Keeps what was measured in a part of a trace; the trace must be there. */
export function writeMeasured(database: Connection, trace: string, part: string, starts: MeasuredStarts): void {
  writeRow(database, 'measured', { trace, part, starts: JSON.stringify(starts) })
}

/** What was measured there; undefined where nothing is known of it. */
export function readMeasured(database: Connection, trace: string, part: string): MeasuredStarts | undefined {
  const row = readRow(database, 'measured', { trace, part })
  return row === undefined ? undefined : checkedJson(row['starts'], startsSchema, 'list of measured starts')
}

/** Keeps when the cold starts of a run were, in the parts of the measured ones; the run must be there. */
export function writeColdOverTime(database: Connection, run: string, cold: readonly number[]): void {
  writeRow(database, 'cold_over_time', { run, cold: JSON.stringify(cold) })
}

/** When they were; undefined where that is not known. */
export function readColdOverTime(database: Connection, run: string): readonly number[] | undefined {
  const row = readRow(database, 'cold_over_time', { run })
  return row === undefined ? undefined : checkedJson(row['cold'], counts, 'list of cold starts')
}
