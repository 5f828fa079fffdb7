import type { Database as Connection } from 'better-sqlite3'
import type { TraceSummary } from '../metrics/comparison.ts'

/** Keeps what is said of a trace; an earlier row of the same digest differs at most in the name of its file. */
export function writeTrace(database: Connection, trace: TraceSummary): void {
  database
    .prepare(
      `INSERT INTO trace (digest, id, format, apps, functions, invocations, horizon_ms)
       VALUES (@digest, @id, @format, @apps, @functions, @invocations, @horizonMs)
       ON CONFLICT (digest) DO UPDATE SET id = excluded.id, format = excluded.format`,
    )
    .run(trace)
}

/** What was said of the trace of that digest. */
export function readTrace(database: Connection, digest: string): TraceSummary | undefined {
  return database
    .prepare(
      `SELECT id, format, digest, apps, functions, invocations, horizon_ms AS horizonMs FROM trace WHERE digest = ?`,
    )
    .get(digest) as TraceSummary | undefined
}
