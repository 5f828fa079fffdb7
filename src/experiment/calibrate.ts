import { UserError } from '../core/user-error.ts'
import { SECOND } from '../core/units.ts'
import { policies } from '../policy/policies/index.ts'
import { INSTANCES_MODEL, type Model } from '../sim/model.ts'
import { runSimulation } from '../sim/simulation.ts'
import { sliceTrace } from '../trace/slice.ts'
import { START, type Trace } from '../trace/trace.ts'
import { type ApparentKeepAlive, apparentKeepAlive } from './apparent-keep-alive.ts'

/** A platform as the simulation knows it. */
export interface Fit {
  /** How long an instance is kept after its latest execution, in ms. */
  readonly keepAliveMs: number
  readonly concurrency: number
  /** Loading time of every app in ms; `trace` for each app's own. */
  readonly coldStart: number | 'trace'
}

/** Measured and simulated cold starts of a part of the trace. */
export interface Agreement {
  readonly invocations: number
  readonly measured: number
  readonly simulated: number
  /** Sum over apps of the difference, over the measured cold starts. */
  readonly error: number
}

/** What was found. */
export interface Calibration {
  readonly fit: Fit
  readonly apparent: ApparentKeepAlive
  /** The part that it was fitted to, from the beginning to here, and the rest, on which it is judged. */
  readonly fittedMs: number
  readonly fitted: Agreement
  readonly judged: Agreement
  /** Apps with the most measured cold starts first. */
  readonly perApp: readonly {
    readonly app: string
    readonly invocations: number
    readonly measured: number
    readonly simulated: number
  }[]
  /** Cold starts in equal parts of the time. */
  readonly overTime: {
    readonly partMs: number
    readonly measured: readonly number[]
    readonly simulated: readonly number[]
  }
}

/** The share of the time that is fitted; the rest judges. */
const FITTED_SHARE = 0.6
/** Windows that are tried, each half as long again as the one before. */
const WINDOWS = Array.from({ length: 17 }, (_, step) => Math.round(10 * SECOND * 1.5 ** step))
const CONCURRENCIES = [1, 2, 4, 10, 80]
const LOADS = [100, 500, 1 * SECOND, 3 * SECOND]
const PARTS = 12

/**
 * Finds the keep-alive window, concurrency and loading time under which simulated cold starts are nearest to the
 * measured ones of the first part of a trace, and tells how near they are on the rest. Throws a UserError where the
 * trace does not tell which invocations were cold.
 */
export function calibrate(trace: Trace, onProgress?: (share: number) => void): Calibration {
  const { arrivals } = trace
  const apparent = apparentKeepAlive(trace)
  if (
    arrivals.kind === 'counts' ||
    arrivals.measured === undefined ||
    apparent === undefined ||
    !arrivals.measured.start.includes(START.cold)
  ) {
    throw new UserError({
      where: trace.id,
      problem: 'the trace does not tell which of its invocations were cold',
      hint: 'Measured cold starts come with lambda-report, huawei-2025, openwhisk-activations, and with cold or coldStart in a mapping.',
    })
  }
  const fittedMs = Math.max(1, Math.floor(trace.horizonMs * FITTED_SHARE))
  const first = prefix(trace, fittedMs)
  const measuredFirst = measuredPerApp(first)
  const loads: readonly Fit['coldStart'][] = trace.offers.includes('coldStart') ? ['trace'] : LOADS
  const worlds = CONCURRENCIES.flatMap((concurrency) => loads.map((coldStart) => ({ concurrency, coldStart })))
  const total = worlds.length * WINDOWS.length + 2 * REFINEMENTS
  let tried = 0
  let best: { readonly fit: Fit; readonly wrong: number } | undefined
  const attempt = (fit: Fit): void => {
    const wrong = difference(measuredFirst, simulatedPerApp(first, fit))
    if (best === undefined || wrong < best.wrong) best = { fit, wrong }
    tried += 1
    onProgress?.(Math.min(1, tried / total))
  }
  for (const world of worlds) for (const keepAliveMs of WINDOWS) attempt({ keepAliveMs, ...world })
  // Between the neighbours of the best window, twice, each time in finer steps.
  for (const spread of [1.5, 1.08]) {
    const { fit } = best!
    for (let step = 0; step < REFINEMENTS; step += 1) {
      const keepAliveMs = Math.round(fit.keepAliveMs * spread ** ((2 * step) / (REFINEMENTS - 1) - 1))
      attempt({ ...fit, keepAliveMs })
    }
  }
  const { fit } = best!
  const simulatedFirst = simulatedPerApp(first, fit)
  const [measuredAll, simulatedAll] = [measuredPerApp(trace), simulatedPerApp(trace, fit)]
  const invocations = trace.invocations - first.invocations
  return {
    fit,
    apparent,
    fittedMs,
    fitted: agreement(first.invocations, measuredFirst, simulatedFirst),
    // What happens later changes nothing before, so the difference is what the rest had, with its true beginning.
    judged: agreement(invocations, rest(measuredAll, measuredFirst), rest(simulatedAll, simulatedFirst)),
    perApp: perApp(trace, measuredAll, simulatedAll),
    overTime: overTime(trace, fit),
  }
}

const REFINEMENTS = 9

/** What is left of counts without those of the first part. */
function rest(all: Float64Array, early: Float64Array): Float64Array {
  return all.map((count, app) => count - early[app]!)
}

/** The trace up to a time, with all of its apps. */
function prefix(trace: Trace, ms: number): Trace {
  return sliceTrace(trace, { forMs: ms })
}

function measuredPerApp({ apps, arrivals }: Trace): Float64Array {
  const cold = new Float64Array(apps.count)
  if (arrivals.kind === 'counts') return cold
  for (let app = 0; app < apps.count; app += 1) {
    for (let row = arrivals.firstEvent[app]!; row < arrivals.firstEvent[app + 1]!; row += 1) {
      if (arrivals.measured!.start[row] === START.cold) cold[app]! += 1
    }
  }
  return cold
}

function simulatedPerApp(trace: Trace, { keepAliveMs, concurrency, coldStart }: Fit): Float64Array {
  const model: Model = { ...INSTANCES_MODEL, memory: 'equal', concurrency, coldStart }
  const policy = policies.get('fixed', 'calibrate')
  return runSimulation({ trace, model, policy, params: { keepAlive: keepAliveMs }, seed: 1 }).coldStarts
}

function difference(measured: Float64Array, simulated: Float64Array): number {
  return measured.reduce((sum, count, app) => sum + Math.abs(count - simulated[app]!), 0)
}

function sum(counts: Float64Array): number {
  return counts.reduce((total, count) => total + count, 0)
}

function agreement(invocations: number, measured: Float64Array, simulated: Float64Array): Agreement {
  const all = sum(measured)
  const wrong = difference(measured, simulated)
  return {
    invocations,
    measured: all,
    simulated: sum(simulated),
    error: all === 0 ? (wrong === 0 ? 0 : 1) : wrong / all,
  }
}

function perApp({ apps, arrivals }: Trace, measured: Float64Array, simulated: Float64Array): Calibration['perApp'] {
  if (arrivals.kind === 'counts') return []
  return Array.from({ length: apps.count }, (_, app) => ({
    app: apps.name.at(app),
    invocations: arrivals.firstEvent[app + 1]! - arrivals.firstEvent[app]!,
    measured: measured[app]!,
    simulated: simulated[app]!,
  })).toSorted((a, b) => b.measured - a.measured)
}

function overTime(trace: Trace, fit: Fit): Calibration['overTime'] {
  const partMs = Math.max(1, Math.ceil(trace.horizonMs / PARTS))
  const measured = Array.from({ length: Math.ceil(trace.horizonMs / partMs) }, () => 0)
  const { arrivals } = trace
  if (arrivals.kind === 'events') {
    arrivals.startMs.forEach((ms, row) => {
      if (arrivals.measured!.start[row] === START.cold)
        measured[Math.min(measured.length - 1, Math.floor(ms / partMs))]! += 1
    })
  }
  let before = 0
  const simulated = measured.map((_, part) => {
    const end = Math.min(trace.horizonMs, (part + 1) * partMs)
    const hasAny = arrivals.kind === 'events' && arrivals.startMs.some((ms) => ms < end)
    const until = !hasAny
      ? 0
      : simulatedPerApp(end === trace.horizonMs ? trace : prefix(trace, end), fit).reduce(
          (sum, count) => sum + count,
          0,
        )
    const own = until - before
    before = until
    return own
  })
  return { partMs, measured, simulated }
}
