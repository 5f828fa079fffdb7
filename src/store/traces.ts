import type { Database as Connection } from 'better-sqlite3'
import type { TraceSummary } from '../metrics/run.ts'

/** What a store keeps of a trace. */
export interface TraceRecord extends TraceSummary {
  /** The facts that it offers beyond its invocations, such as `memory`. */
  readonly offers: readonly string[]
}

/** Keeps what is said of a trace; an earlier row of the same digest differs at most in the name of its file. */
export function writeTrace(database: Connection, trace: TraceRecord): void {
  database
    .prepare(
      `INSERT INTO trace (digest, id, format, apps, functions, invocations, horizon_ms, offers)
       VALUES (@digest, @id, @format, @apps, @functions, @invocations, @horizonMs, @offers)
       ON CONFLICT (digest) DO UPDATE SET id = excluded.id, format = excluded.format`,
    )
    .run({ ...trace, offers: JSON.stringify(trace.offers) })
}

/** What was said of the trace of that digest. */
export function readTrace(database: Connection, digest: string): TraceRecord | undefined {
  const row = database
    .prepare(
      `SELECT id, format, digest, apps, functions, invocations, horizon_ms AS horizonMs, offers
       FROM trace WHERE digest = ?`,
    )
    .get(digest) as (TraceSummary & { offers: string }) | undefined
  return row === undefined ? undefined : { ...row, offers: JSON.parse(row.offers) as string[] }
}
