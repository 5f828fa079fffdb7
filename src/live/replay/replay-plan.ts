import { createHash } from 'node:crypto'
import { arrivalsInTime } from '../../trace/arrivals/arrivals-in-time.ts'
import type { Trace } from '../../trace/trace.ts'
import type { LiveApp } from '../live-app.ts'

/** Which arrivals of a trace are to be sent, and how. */
export interface ReplayPlan {
  readonly trace: string
  readonly format?: string
  /** Where the file names the trace. */
  readonly where: string
  readonly apps: number
  readonly most: number
  readonly fromMs: number
  readonly forMs: number
  readonly speed: number
  readonly lateMs: number
  readonly out: string
}

/** One arrival to be sent: so long after the beginning, in real time. */
export interface PlannedArrival {
  readonly atMs: number
  /** Rows among the chosen apps, and their functions. */
  readonly app: number
  readonly fn: number
  /** How long the function is to work. */
  readonly durationMs: number
}

/** The chosen apps, each made of the template, and what is sent to them in the order of time. */
export interface PlannedReplay {
  readonly apps: readonly LiveApp[]
  readonly arrivals: readonly PlannedArrival[]
}

/** An instance holds so much of an app's memory at most, whatever the trace says of it. */
const MOST_MB = 1024

/**
 * Chooses apps of the stretch evenly over the ranking by invocations, and their arrivals. Counts become arrivals at times
 * drawn uniformly in their minute. The same trace, plan and seed give the same arrivals.
 */
export function planReplay(trace: Trace, plan: ReplayPlan, template: LiveApp, seed: number): PlannedReplay {
  const { fromMs, forMs, speed } = plan
  const stretch: { at: number; app: number; fn: number; durationMs: number }[] = []
  const arrivals = arrivalsInTime(trace, 'uniform', seed)
  const { block } = arrivals
  const counts = new Uint32Array(trace.apps.count)
  for (let rows = arrivals.next(); rows >= 0; rows = arrivals.next()) {
    for (let row = 0; row < rows; row += 1) {
      const at = block.timeMs[row]! - fromMs
      if (at < 0 || at >= forMs) continue
      counts[block.app[row]!]! += 1
      stretch.push({ at, app: block.app[row]!, fn: block.fn[row]!, durationMs: block.durationMs[row]! })
    }
  }
  const chosen = chosenApps(counts, plan)
  const rowOf = new Map(chosen.map((app, row) => [app, row]))
  const apps = chosen.map((app) => appOf(trace, app, template))
  return {
    apps,
    arrivals: stretch
      .filter(({ app }) => rowOf.has(app))
      .map(({ at, app, fn, durationMs }) => ({
        atMs: at / speed,
        app: rowOf.get(app)!,
        fn: fn - trace.apps.firstFunction[app]!,
        durationMs: Math.round(durationMs / speed),
      })),
  }
}

/** Rows of apps with at most so many invocations, evenly spaced in the order from the most to the least invoked. */
function chosenApps(counts: Uint32Array, { apps, most }: ReplayPlan): readonly number[] {
  const invoked = [...counts.keys()].filter((app) => counts[app]! > 0 && counts[app]! <= most)
  const ranked = invoked.toSorted((a, b) => counts[b]! - counts[a]! || a - b)
  const wanted = Math.min(apps, ranked.length)
  return Array.from({ length: wanted }, (_, rank) => ranked[Math.floor((rank * ranked.length) / wanted)]!)
}

/** Names of traces are any text, and those of live apps stand in URLs; a digest keeps them apart. */
function appOf({ apps, offers }: Trace, app: number, template: LiveApp): LiveApp {
  const name = `a${createHash('sha256').update(apps.name.at(app)).digest('hex').slice(0, 10)}`
  const count = apps.firstFunction[app + 1]! - apps.firstFunction[app]!
  const holdMb = offers.includes('memory') ? Math.min(MOST_MB, Math.round(apps.memoryMb[app]!)) : 0
  return {
    ...template,
    name,
    traceName: apps.name.at(app),
    functions: Array.from({ length: count }, (_, fn) => `f${fn}`),
    // The memory of the program itself is added to the app's.
    memoryMb: template.memoryMb + holdMb,
    env: { ...template.env, HOLD_MB: String(holdMb) },
  }
}
