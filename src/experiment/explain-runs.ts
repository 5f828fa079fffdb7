import { timeOfDay } from '../core/calendar.ts'
import { UserError } from '../core/user-error.ts'
import { memoryTimeMbS } from '../metrics/memory-time.ts'
import type { AppHistory } from '../sim/app-history.ts'
import { chargedMemory } from '../sim/charged-memory.ts'
import { unitsOf } from '../sim/simulation.ts'
import { inPool } from '../sim/workers/pool.ts'
import type { Trace } from '../trace/trace.ts'
import { simulationOf } from './export-run.ts'
import { traceUntil } from './judged.ts'
import type { PlannedRun } from './run-plan.ts'

/** What is to be explained: the one app whose name begins so, in some runs. */
export interface AppRequest {
  readonly trace: Trace
  readonly runs: readonly PlannedRun[]
  readonly prefix: string
  /** Idle ms of an app in the accounts of a run, which are those of its judged part. */
  idleMsOf(run: PlannedRun, app: number): number
}

/** How runs served one app. */
export interface ExplainedApp {
  readonly app: string
  readonly memoryMb: number
  readonly horizonMs: number
  /** ms since a midnight at which the trace begins; 0 where its calendar is not known. */
  readonly midnightMs: number
  readonly runs: readonly (AppHistory & { readonly label: string; readonly idleMbS: number })[]
}

/** Makes the runs again for the sake of one app. Throws a UserError where no app, or more than one, is meant. */
export async function explainRuns({ trace, runs, prefix, idleMsOf }: AppRequest): Promise<ExplainedApp> {
  const told: ExplainedApp['runs'][number][] = []
  let [name, memoryMb] = ['', 0]
  for (const run of runs) {
    const units = unitsOf(trace, run.model)
    const app = appOf(units, prefix)
    name = units.apps.name.at(app)
    memoryMb = chargedMemory(units, run.model)[app]!
    const [history] = await historiesIn(trace, run, [app])
    told.push({ label: run.label, ...history!, idleMbS: memoryTimeMbS(idleMsOf(run, app), memoryMb) })
  }
  const midnightMs = timeOfDay(trace)
  return { app: name, memoryMb, horizonMs: trace.horizonMs, midnightMs, runs: told }
}

/** What became of some apps, by their places, in the judged part of a run, which is made again for their sake. */
async function historiesIn(trace: Trace, run: PlannedRun, apps: readonly number[]): Promise<AppHistory[]> {
  const simulation = simulationOf(traceUntil(trace, run.judged), run)
  const histories = await inPool(simulation.trace, (pool) => pool.historiesOf(simulation, apps))
  const fromMs = run.judged?.fromMs ?? 0
  return histories.map(({ arrivals, answers }) => {
    // Of the answers before the judged part only the latest still holds in it.
    const first = Math.max(
      0,
      answers.findLastIndex(({ at }) => at < fromMs),
    )
    return { arrivals: arrivals.filter(({ at }) => at >= fromMs), answers: answers.slice(first) }
  })
}

/** What became of the apps of those names in a run, which is made again for their sake; nothing for a name that it does not have. */
export async function namedHistories(
  trace: Trace,
  run: PlannedRun,
  names: readonly string[],
): Promise<ReadonlyMap<string, AppHistory>> {
  const { apps } = unitsOf(trace, run.model)
  const wanted = new Set(names)
  const places = new Map<string, number>()
  for (let app = 0; app < apps.count; app += 1) {
    const name = apps.name.at(app)
    if (wanted.has(name)) places.set(name, app)
  }
  const found = [...places]
  if (found.length === 0) return new Map()
  const histories = await historiesIn(
    trace,
    run,
    found.map(([, app]) => app),
  )
  return new Map(found.map(([name], index) => [name, histories[index]!]))
}

const MOST_NAMED = 5

/** The place of the one app whose name begins so. Throws a UserError where no app, or more than one, is meant. */
export function appOf({ apps }: Trace, prefix: string): number {
  const found: number[] = []
  for (let app = 0; app < apps.count; app += 1) {
    const name = apps.name.at(app)
    if (name === prefix) return app
    if (name.startsWith(prefix)) found.push(app)
  }
  const [only] = found
  if (only !== undefined && found.length === 1) return only
  const named = found.slice(0, MOST_NAMED).map((app) => apps.name.at(app))
  throw new UserError({
    where: '--app',
    problem:
      only === undefined
        ? `no app has a name that begins with ${JSON.stringify(prefix.slice(0, 100))}`
        : `${found.length} apps have names that begin with ${JSON.stringify(prefix.slice(0, 100))}: ${named.join(', ')}`,
    hint: only === undefined ? 'pilotlight explain --worst lists apps with their names.' : 'Give more of its name.',
  })
}
