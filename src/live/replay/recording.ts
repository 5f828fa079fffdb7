import { dirname } from 'node:path'
import { COLD, REFUSED } from '../../engine/outcomes.ts'
import type { Reason } from '../../engine/ledger.ts'
import { makeFolder } from '../../files/folder.ts'
import { replaceFile } from '../../files/replace-file.ts'
import type { LiveApp } from '../live-app.ts'
import type { LiveConfig } from '../live-config.ts'
import type { Stay, Visit, Watcher } from '../fleet/watcher.ts'
import { ownTimeZone } from '../fleet/week-clock.ts'

/** What a policy answered. Times are ms since the recording began. */
export interface RecordedDecision {
  readonly app: number
  readonly at: number
  readonly prewarmMs: number
  /** null: for ever. */
  readonly keepAliveMs: number | null
}

/** A call as it happened. */
export interface RecordedVisit {
  readonly app: number
  readonly fn: number
  readonly arrivedAt: number
  readonly endedAt: number
  readonly outcome: number
  readonly reason: Reason | null
  readonly status: number
  readonly waitedMs: number
  readonly ranMs: number
}

/** Everything that an adapter did, from its beginning to its end, in the order in which it ended. */
export interface Recording {
  readonly schema: 1
  readonly name: string
  readonly policy: { readonly id: string; readonly params: Readonly<Record<string, unknown>>; readonly seed: number }
  readonly reuse: 'newest' | 'oldest'
  readonly whileLoading: 'new' | 'join'
  readonly budgetMb: number
  /** When in the world its time began, in ms since 1970, and in which zone; absent in recordings of earlier versions. */
  readonly clock?: { readonly originMs: number; readonly timeZone: string }
  readonly apps: readonly {
    readonly name: string
    /** Its name in the trace; absent in recordings of earlier versions. */
    readonly traceName?: string
    readonly memoryMb: number
    readonly concurrency: number
    readonly functions: readonly string[]
  }[]
  /** When the adapter began to end. */
  readonly endMs: number
  readonly visits: readonly RecordedVisit[]
  readonly stays: readonly Stay[]
  readonly decisions: readonly RecordedDecision[]
  /** How late timers of windows fired, in ms. */
  readonly timersLate: readonly number[]
  readonly sends: Sends
  /** What was to be sent, from `beginMs` on; absent in recordings of earlier versions. */
  readonly planned?: {
    readonly beginMs: number
    readonly arrivals: readonly { readonly app: number; readonly atMs: number; readonly durationMs: number }[]
  }
}

/** How the sending of a replay went. */
export interface Sends {
  readonly speed: number
  /** Arrivals of the stretch; those that are neither sent nor not sent came after an interruption. */
  readonly planned: number
  readonly sent: number
  /** Arrivals that would have been later than `boundMs`, and were not sent. */
  readonly notSent: number
  readonly boundMs: number
  readonly lateMs: readonly number[]
  readonly failed: number
}

/** The origin of an adapter's clock in ms since 1970, and the time on it from which on a recording counts. */
interface RecordedClock {
  readonly originMs: number
  readonly sinceMs: number
}

/** A watcher that records; `take` gives the recording once the adapter is closed. */
export function recorder(config: LiveConfig): {
  readonly watcher: Watcher
  take(clock: RecordedClock, endMs: number, sends: Sends, planned: NonNullable<Recording['planned']>): Recording
} {
  const visits: Visit[] = []
  const stays: Stay[] = []
  const decisions: RecordedDecision[] = []
  const timersLate: number[] = []
  return {
    watcher: {
      visited: (visit) => void visits.push(visit),
      stayed: (stay) => void stays.push(stay),
      decided: (app, at, prewarmMs, keepAliveMs) =>
        void decisions.push({ app, at, prewarmMs, keepAliveMs: keepAliveMs === Infinity ? null : keepAliveMs }),
      fired: (_app, _rank, _dueMs, lateMs) => void timersLate.push(lateMs),
    },
    take({ originMs, sinceMs }, endMs, sends, planned) {
      const { name, policy, reuse, whileLoading, budgetMb, apps } = config
      return {
        schema: 1,
        name,
        policy: { id: policy.definition.id, params: policy.params, seed: policy.seed },
        reuse,
        whileLoading,
        budgetMb,
        clock: { originMs: originMs + sinceMs, timeZone: ownTimeZone() },
        apps: apps.map(({ name: app, traceName = app, memoryMb, concurrency, functions }) => ({
          name: app,
          traceName,
          memoryMb,
          concurrency,
          functions,
        })),
        endMs: endMs - sinceMs,
        visits: visits.map((visit) => recordedVisit(visit, sinceMs)),
        stays: stays.map((stay) => shifted(stay, sinceMs)),
        decisions: decisions.map((decision) => ({ ...decision, at: decision.at - sinceMs })),
        timersLate,
        sends,
        planned: { ...planned, beginMs: planned.beginMs - sinceMs },
      }
    },
  }
}

function recordedVisit(visit: Visit, sinceMs: number): RecordedVisit {
  const { app, fn, arrivedAt, endedAt, outcome, reason = null, status, waitedMs, ranMs } = visit
  const times = { arrivedAt: arrivedAt - sinceMs, endedAt: endedAt - sinceMs }
  return { app, fn, ...times, outcome, reason, status, waitedMs, ranMs }
}

function shifted(stay: Stay, sinceMs: number): Stay {
  const readyAt = stay.readyAt === null ? null : stay.readyAt - sinceMs
  return { ...stay, orderedAt: stay.orderedAt - sinceMs, readyAt, goneAt: stay.goneAt - sinceMs }
}

/** Mean of the measured starts of each app, in whole ms; NaN where none was measured. */
export function meanStarts({ apps, stays }: Pick<Recording, 'apps' | 'stays'>): readonly number[] {
  return apps.map((_, app) => {
    const took = stays.flatMap(({ app: other, orderedAt, readyAt }) =>
      other === app && readyAt !== null ? [readyAt - orderedAt] : [],
    )
    return took.length === 0 ? Number.NaN : Math.round(took.reduce((sum, ms) => sum + ms, 0) / took.length)
  })
}

/** The recording as a trace of the format `events`, with the cold-start times that were measured. */
function eventsCsv(recording: Recording, apps: readonly Pick<LiveApp, 'functions'>[]): string {
  const starts = meanStarts(recording)
  const first = apps.map((_, app) => apps.slice(0, app).reduce((sum, { functions }) => sum + functions.length, 0))
  const rows = recording.visits
    .filter(({ outcome }) => outcome !== REFUSED)
    .toSorted((a, b) => a.arrivedAt - b.arrivedAt)
    .map(({ app, fn, arrivedAt, outcome, waitedMs, ranMs }) => {
      const { name, memoryMb, functions } = recording.apps[app]!
      const start = outcome === COLD ? Math.round(waitedMs) : Number.isNaN(starts[app]!) ? '' : starts[app]!
      return [name, functions[fn - first[app]!]!, arrivedAt, Math.round(ranMs), memoryMb, start].join(',')
    })
  return `${['app,function,start_ms,duration_ms,memory_mb,cold_start_ms', ...rows].join('\n')}\n`
}

/** Writes `<out>.json` with everything, and `<out>.csv` as a trace; gives both paths. */
export async function writeRecording(recording: Recording, out: string): Promise<readonly string[]> {
  await makeFolder(dirname(out))
  await replaceFile(`${out}.json`, [`${JSON.stringify(recording)}\n`])
  await replaceFile(`${out}.csv`, [eventsCsv(recording, recording.apps)])
  return [`${out}.json`, `${out}.csv`]
}
