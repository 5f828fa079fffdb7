import type { Database as Connection } from 'better-sqlite3'
import { z } from 'zod'
import { calendarOf } from '../core/calendar.ts'
import { isTimeZone } from '../core/time-zone.ts'
import type { TraceSummary } from '../metrics/run.ts'
import { checkedJson, Damage } from './damage.ts'
import { readRow, writeRow } from './stored-rows.ts'

/** What a store keeps of a trace. */
export interface TraceRecord extends TraceSummary {
  /** The facts that it offers beyond its invocations, such as `memory`. */
  readonly offers: readonly string[]
}

const offersSchema = z.array(z.string())
const rowSchema = z.object({
  digest: z.string(),
  id: z.string(),
  format: z.string(),
  apps: z.int().min(0),
  functions: z.int().min(0),
  invocations: z.int().min(0),
  horizon_ms: z.number().min(0),
  starts_at_ms: z.number().nullable(),
  zone: z.string().refine(isTimeZone).nullable(),
})

/** Keeps what is said of a trace; an earlier row of the same digest differs at most in the name of its file. */
export function writeTrace(database: Connection, trace: TraceRecord): void {
  const { digest, id, format, apps, functions, invocations, horizonMs, offers, startsAtMs, zone } = trace
  const row = { digest, id, format, apps, functions, invocations }
  const when = { starts_at_ms: startsAtMs ?? null, zone: zone ?? null }
  writeRow(database, 'trace', { ...row, horizon_ms: horizonMs, offers: JSON.stringify(offers), ...when })
}

/** What was said of the trace of that digest. */
export function readTraceRecord(database: Connection, digest: string): TraceRecord | undefined {
  const row = readRow(database, 'trace', { digest })
  if (row === undefined) return undefined
  const parsed = rowSchema.safeParse(row)
  if (!parsed.success) throw new Damage('its trace is not what a store holds')
  const { horizon_ms: horizonMs, starts_at_ms: startsAtMs, zone, ...about } = parsed.data
  const offers = checkedJson(row['offers'], offersSchema, 'list of what a trace offers')
  return {
    ...about,
    horizonMs,
    offers,
    ...calendarOf({ startsAtMs: startsAtMs ?? undefined, zone: zone ?? undefined }),
  }
}
