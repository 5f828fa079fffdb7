import { canonical } from '../core/canonical.ts'
import { MINUTE, SECOND } from '../core/units.ts'
import { besideMeasured, type MeasuredBeside, type MeasuredStarts } from '../metrics/measured.ts'
import type { FinishedRun, Judged } from '../metrics/run.ts'
import { inPool } from '../sim/workers/pool.ts'
import { unitsOf } from '../sim/simulation.ts'
import type { Store } from '../store/store.ts'
import { START, type Trace } from '../trace/trace.ts'
import { apparentKeepAlive } from './apparent-keep-alive.ts'
import { simulationOf } from './export-run.ts'
import { traceUntil } from './judged.ts'
import type { PlannedRun } from './run-plan.ts'

/** What of a run the measured starts depend on that it is set beside. */
interface Beside {
  readonly model: Readonly<Record<string, unknown>>
  readonly judged: Judged | null
}

/** At most so many parts of the time. */
const MOST_PARTS = 48
/**
 * So many arrivals are replayed for all runs together to tell when their cold starts were, at 0.3 to 0.6 s of a core for a
 * million: a minute at most. Runs beyond have their cold starts per app, and no line over time.
 */
const MOST_REPLAYED = 100_000_000

/** What is measured of a trace, by its units and the part that is judged: the text that it is kept under. */
function measuredPart({ model: { unit }, judged }: Beside): string {
  return canonical({ unit, judged })
}

/** What a trace tells of measured starts in what is judged of it; undefined where it tells nothing. */
export function measuredStarts(
  whole: Trace,
  { unit }: { readonly unit: 'app' | 'function' },
  judged: Judged | null = null,
): MeasuredStarts | undefined {
  const trace = unitsOf(traceUntil(whole, judged), { unit })
  const { apps, arrivals, horizonMs } = trace
  const fromMs = judged?.fromMs ?? 0
  const apparent = apparentKeepAlive(trace, fromMs)
  if (arrivals.kind === 'counts' || arrivals.measured === undefined || apparent === undefined) return undefined
  const { firstEvent, startMs, measured } = arrivals
  const partMs = partOf(horizonMs - fromMs)
  const overTime = Array.from({ length: Math.max(1, Math.ceil((horizonMs - fromMs) / partMs)) }, () => 0)
  const [known, cold] = [new Float64Array(apps.count), new Float64Array(apps.count)]
  for (let app = 0; app < apps.count; app += 1) {
    for (let row = firstEvent[app]!; row < firstEvent[app + 1]!; row += 1) {
      const now = startMs[row]!
      const start = measured.start[row]
      if (start === START.unknown || now < fromMs) continue
      known[app]! += 1
      if (start !== START.cold) continue
      cold[app]! += 1
      overTime[Math.min(overTime.length - 1, Math.floor((now - fromMs) / partMs))]! += 1
    }
  }
  if (known.every((count) => count === 0)) return undefined
  const { idleTimes, ...keepAlive } = apparent
  return {
    known: [...known],
    cold: [...cold],
    overTime: { fromMs, partMs, cold: overTime },
    keepAlive,
    idleTimes,
  }
}

/** The length of a part: whole minutes, of short traces whole seconds. */
function partOf(spanMs: number): number {
  const unit = spanMs >= MOST_PARTS * MINUTE ? MINUTE : SECOND
  return Math.max(1, Math.ceil(spanMs / MOST_PARTS / unit)) * unit
}

/**
 * Keeps what was measured, and when the cold starts of finished runs were, so that reports can set them beside each other
 * without the trace. Does nothing where the trace tells nothing of measured starts.
 */
export async function keepMeasured(
  store: Store,
  trace: Trace,
  runs: readonly PlannedRun[],
  onProgress: (done: number, total: number) => void = () => {},
): Promise<void> {
  if (!trace.offers.includes('measured')) return
  const known = new Map<string, MeasuredStarts | undefined>()
  for (const { model, judged } of runs) {
    const part = measuredPart({ model: { unit: model.unit }, judged })
    if (known.has(part)) continue
    const starts = measuredStarts(trace, model, judged)
    known.set(part, starts)
    if (starts !== undefined) store.writeMeasured(trace.digest, part, starts)
  }
  const open = runs.flatMap((run) => {
    const starts = known.get(measuredPart({ model: { unit: run.model.unit }, judged: run.judged }))
    const isOpen = store.hasRun(run.digest) && store.readColdOverTime(run.digest) === undefined
    return starts === undefined || !isOpen ? [] : [{ run, ...starts.overTime }]
  })
  const fitting = open.slice(0, Math.floor(MOST_REPLAYED / Math.max(1, trace.invocations)))
  for (const [done, { run, fromMs, partMs, cold }] of fitting.entries()) {
    onProgress(done * trace.invocations, fitting.length * trace.invocations)
    const simulation = simulationOf(traceUntil(trace, run.judged), run)
    const parts = { fromMs, partMs, parts: cold.length }
    const counts = await inPool(simulation.trace, (pool) => pool.coldOverTime(simulation, parts))
    store.writeColdOverTime(run.digest, counts)
  }
}

/** Finished runs beside what was measured in the baseline's part of the trace; undefined where the store has nothing of it. */
export function measuredIn(
  store: Store,
  { trace, baseline }: { readonly trace: { readonly digest: string }; readonly baseline: { readonly variant: string } },
  finished: readonly FinishedRun[],
): MeasuredBeside | undefined {
  const anchor = finished.find(({ variant }) => variant === baseline.variant) ?? finished[0]
  if (anchor === undefined) return undefined
  const part = measuredPart(anchor)
  const starts = store.readMeasured(trace.digest, part)
  if (starts === undefined) return undefined
  const names = store.readNames(trace.digest, String(anchor.model['unit']))
  const beside = finished.filter((run) => measuredPart(run) === part && run.ledger.apps === starts.cold.length)
  return besideMeasured(
    starts,
    names,
    beside.map(({ digest, ledger }) => ({ digest, ledger, overTime: store.readColdOverTime(digest) ?? null })),
  )
}
