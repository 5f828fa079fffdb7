import { AppMinuteCounts } from './arrivals/app-minute-counts.ts'
import { type Trace, TRIGGERS } from './trace.ts'

/** Facts of a trace that published characterisations tell; per app or function, in the order of their tables. */
export interface Characteristics {
  readonly hours: number
  /** Invocations of each app. */
  readonly invocations: Float64Array
  /** Functions of each app. */
  readonly functions: Uint32Array
  /** Whether an app has a function with the trigger of that index. */
  readonly hasTrigger: readonly Uint8Array[]
  /**
   * Coefficient of variation of the times from arrival to arrival of each app; NaN with fewer than three invocations.
   * Counts are taken as spread evenly within their bucket.
   */
  readonly iatCv: Float64Array
  /** Mean execution time of each function in ms; NaN where the trace has none. */
  readonly durationMs: Float64Array
  /** Invocations in each whole hour. */
  readonly hourly: Float64Array
}

/** Looks through a trace once more, for what its profile does not tell. */
export function characteristicsOf(trace: Trace): Characteristics {
  const { apps, functions, horizonMs } = trace
  const invocations = new Float64Array(apps.count)
  const iatCv = new Float64Array(apps.count).fill(Number.NaN)
  const hourly = new Float64Array(Math.floor(horizonMs / HOUR_MS))
  const durationMs = durationsOf(trace)
  const gaps = trace.arrivals.kind === 'counts' ? gapsOfCounts(trace, hourly) : gapsOfEvents(trace, hourly)
  for (let app = 0; app < apps.count; app += 1) {
    const { count, cv } = gaps(app)
    invocations[app] = count
    iatCv[app] = cv
  }
  const hasTrigger = TRIGGERS.map(() => new Uint8Array(apps.count))
  for (const [fn, trigger] of functions.trigger.entries()) hasTrigger[trigger]![functions.app[fn]!] = 1
  return {
    hours: horizonMs / HOUR_MS,
    invocations,
    functions: Uint32Array.from(
      { length: apps.count },
      (_, app) => apps.firstFunction[app + 1]! - apps.firstFunction[app]!,
    ),
    hasTrigger,
    iatCv,
    durationMs,
    hourly,
  }
}

const HOUR_MS = 3_600_000

interface AppGaps {
  readonly count: number
  readonly cv: number
}

/** Sums of gaps, from which their coefficient of variation follows; the first gap is taken off all to keep digits. */
class Gaps {
  private count = 0
  private shift = 0
  private sum = 0
  private squares = 0

  /** So many gaps of a length. */
  add(ms: number, times = 1): void {
    if (times === 0) return
    if (this.count === 0) this.shift = ms
    const off = ms - this.shift
    this.count += times
    this.sum += off * times
    this.squares += off * off * times
  }

  cv(): number {
    if (this.count < 2) return Number.NaN
    const off = this.sum / this.count
    const variance = Math.max(0, this.squares / this.count - off * off)
    const mean = this.shift + off
    return mean === 0 ? 0 : Math.sqrt(variance) / mean
  }
}

function gapsOfCounts(trace: Trace, hourly: Float64Array): (app: number) => AppGaps {
  const { apps, arrivals } = trace
  if (arrivals.kind !== 'counts') throw new Error('the trace has events')
  const { bucketMs } = arrivals
  const minutes = new AppMinuteCounts(arrivals, trace)
  return (app) => {
    minutes.add(apps.firstFunction[app]!, apps.firstFunction[app + 1]!)
    const gaps = new Gaps()
    let count = 0
    let last = Number.NaN
    for (let minute = minutes.take(); minute >= 0; minute = minutes.take()) {
      const here = minutes.count[minute]!
      const step = bucketMs / here
      const first = minute * bucketMs + step / 2
      if (count > 0) gaps.add(first - last)
      gaps.add(step, here - 1)
      last = first + (here - 1) * step
      count += here
      addTo(hourly, minute * bucketMs, here)
    }
    return { count, cv: gaps.cv() }
  }
}

function gapsOfEvents({ arrivals }: Trace, hourly: Float64Array): (app: number) => AppGaps {
  if (arrivals.kind !== 'events') throw new Error('the trace has counts')
  const { firstEvent, startMs } = arrivals
  return (app) => {
    const [from, to] = [firstEvent[app]!, firstEvent[app + 1]!]
    const gaps = new Gaps()
    for (let row = from; row < to; row += 1) {
      if (row > from) gaps.add(startMs[row]! - startMs[row - 1]!)
      addTo(hourly, startMs[row]!, 1)
    }
    return { count: to - from, cv: gaps.cv() }
  }
}

function addTo(hourly: Float64Array, ms: number, count: number): void {
  const hour = Math.floor(ms / HOUR_MS)
  if (hour < hourly.length) hourly[hour]! += count
}

function durationsOf({ arrivals, functions, offers }: Trace): Float64Array {
  if (!offers.includes('duration')) return new Float64Array(functions.count).fill(Number.NaN)
  if (arrivals.kind === 'counts') return functions.durationMs
  const [sums, counts] = [new Float64Array(functions.count), new Float64Array(functions.count)]
  for (const [row, fn] of arrivals.fn.entries()) {
    sums[fn]! += arrivals.durationMs[row]!
    counts[fn]! += 1
  }
  return sums.map((sum, fn) => (counts[fn] === 0 ? Number.NaN : sum / counts[fn]!))
}
