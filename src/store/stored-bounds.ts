import type { Database as Connection } from 'better-sqlite3'
import { z } from 'zod'
import type { BoundCurve } from '../metrics/decision/decision.ts'
import { checkedJson } from './damage.ts'
import { readRow, writeRow } from './stored-rows.ts'

const curvesSchema = z.array(
  z.object({
    id: z.string(),
    title: z.string(),
    bounds: z.string(),
    points: z.array(z.object({ idleMbS: z.number(), coldStarts: z.number() })),
  }),
)

/** Keeps what no policy beats on a trace in one world; the trace must be there. */
export function writeBounds(database: Connection, trace: string, world: string, curves: readonly BoundCurve[]): void {
  writeRow(database, 'bound', { trace, world, curves: JSON.stringify(curves) })
}

/** What no policy beats there; undefined where that was not computed. */
export function readBounds(database: Connection, trace: string, world: string): readonly BoundCurve[] | undefined {
  const row = readRow(database, 'bound', { trace, world })
  return row === undefined ? undefined : checkedJson(row['curves'], curvesSchema, 'list of bounds')
}
