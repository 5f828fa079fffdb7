import { MINUTE } from '../../core/units.ts'
import { arrivalsByApp } from '../../trace/arrivals/arrivals.ts'
import { arrivalsInTime } from '../../trace/arrivals/arrivals-in-time.ts'
import { GapRuns } from '../../trace/arrivals/gap-runs.ts'
import type { Trace } from '../../trace/trace.ts'
import type { Model } from '../model.ts'
import type { RunByApp, RunInTime, Stretch } from './replay.ts'

/** What the arrivals of a pass depend on. All runs of a pass share it. */
export interface PassOrigin {
  /** In the units of the runs' models. */
  readonly trace: Trace
  readonly spread: Model['spread']
  readonly seed: number
}

/**
 * The runs that one pass over the arrivals feeds. One that throws gets no more of them, and the others do not notice.
 */
export class Audience<R> {
  /** What each run threw; undefined for those that threw nothing. */
  readonly failures: unknown[]
  private readonly runs: readonly R[]
  private alive: readonly number[]

  constructor(runs: readonly R[]) {
    this.runs = runs
    this.failures = runs.map(() => undefined)
    this.alive = runs.map((_, index) => index)
  }

  get isEmpty(): boolean {
    return this.alive.length === 0
  }

  /** Whether there is a run of that kind among those that go on. */
  some(is: (run: R) => boolean): boolean {
    return this.alive.some((index) => is(this.runs[index]!))
  }

  each(tell: (run: R) => void): void {
    let threw = false
    for (const index of this.alive) {
      try {
        tell(this.runs[index]!)
      } catch (error) {
        this.failures[index] = error ?? new Error('it threw nothing that can be told')
        threw = true
      }
    }
    if (threw) this.alive = this.alive.filter((index) => this.failures[index] === undefined)
  }
}

/** Feeds runs app after app: one app's events fit the cache, and its arrivals are made once for all of them. */
export function feedByApp(
  { trace, spread, seed }: PassOrigin,
  { from, to }: Stretch,
  audience: Audience<RunByApp>,
  onProgress: (done: number) => void,
): void {
  const arrivals = arrivalsByApp(trace, spread, seed)
  const { block } = arrivals
  const put = (run: RunByApp): void => run.put?.(block)
  const gaps = audience.some(takesGaps) ? gapRunsOf(trace) : null
  const putGaps = (run: RunByApp): void => run.putGaps?.(gaps!)
  const before = rowsBefore(trace, from)
  const rows = rowsBefore(trace, to) - before
  for (let app = from; app < to && !audience.isEmpty; app += 1) {
    audience.each((run) => run.open(app))
    if (gaps !== null) {
      gaps.open(app)
      audience.each(putGaps)
    }
    if (audience.some(takesBlocks)) {
      arrivals.open(app)
      while (arrivals.next() > 0) audience.each(put)
    }
    audience.each((run) => run.close())
    if (app % 64 === 63) onProgress(rows === 0 ? 1 : (rowsBefore(trace, app + 1) - before) / rows)
  }
}

function takesGaps(run: RunByApp): boolean {
  return run.putGaps !== undefined
}

function takesBlocks(run: RunByApp): boolean {
  return run.put !== undefined
}

function gapRunsOf(trace: Trace): GapRuns {
  if (trace.arrivals.kind === 'events') throw new Error('a trace of single events has no minutes')
  return new GapRuns(trace, trace.arrivals)
}

/** Feeds runs all apps together in time order. */
export function feedInTime(
  { trace, spread, seed }: PassOrigin,
  audience: Audience<RunInTime>,
  onProgress: (done: number) => void,
): void {
  const arrivals = arrivalsInTime(trace, spread, seed)
  const { block } = arrivals
  const put = (run: RunInTime): void => run.put(block)
  for (let minute = 1; arrivals.next() >= 0 && !audience.isEmpty; minute += 1) {
    audience.each(put)
    onProgress(Math.min(1, (minute * MINUTE) / trace.horizonMs))
  }
  audience.each((run) => run.close())
}

/** Cells or events of the apps before one. */
function rowsBefore({ apps, arrivals }: Trace, app: number): number {
  return arrivals.kind === 'events' ? arrivals.firstEvent[app]! : arrivals.firstCell[apps.firstFunction[app]!]!
}
