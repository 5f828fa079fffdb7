import { BINS, binOf } from '../core/log-bins.ts'
import { Tally } from '../core/tally.ts'

/**
 * What is kept of how long invocations took, beyond the sums of the accounts: how long each was delayed, how much of that
 * it waited for room, and when the answer came, its execution included.
 */
export const LATENCIES = ['added', 'waiting', 'response'] as const
export type Latency = (typeof LATENCIES)[number]

/** Distributions over the invocations that were served, per app, in ms, in the bins of core/log-bins. */
export interface LatencyTable {
  readonly apps: number
  /** The bins of latency `k` of app `a` are rows `first[3a + k]` up to, not including, `first[3a + k + 1]`. */
  readonly first: Float64Array
  readonly bin: Uint16Array
  /** Invocations in the bin. */
  readonly count: Float64Array
}

const ADDED = LATENCIES.indexOf('added')
const WAITING = LATENCIES.indexOf('waiting')
const RESPONSE = LATENCIES.indexOf('response')
const KINDS = LATENCIES.length
/** No app was told of yet. */
const NO_APP = -1

/**
 * Latencies as they are measured. Most invocations are warm, and answered after just their execution: those are not told
 * one by one, but all at the end, from the durations of the trace. So only a delay or a drop costs anything.
 */
export class Latencies {
  private readonly tally = new Tally()
  /**
   * The app told of last, and how many more of its invocations were neither delayed, nor waited for room, than the tally
   * has: most of what is told is told of one app after the other.
   */
  private app = NO_APP
  private undelayed = 0
  private unwaiting = 0

  /** One invocation waited for room and for a load before it ran. */
  delay(app: number, durationMs: number, waitedMs: number, loadingMs: number): void {
    this.turnTo(app)
    this.undelayed -= 1
    this.tally.add(keyOf(app, ADDED, waitedMs + loadingMs), 1)
    if (waitedMs > 0) {
      this.unwaiting -= 1
      this.tally.add(keyOf(app, WAITING, waitedMs), 1)
    }
    this.tally.add(keyOf(app, RESPONSE, durationMs), -1)
    this.tally.add(keyOf(app, RESPONSE, durationMs + waitedMs + loadingMs), 1)
  }

  /** So many invocations were dropped: they are not among the served ones. */
  drop(app: number, durationMs: number, count: number): void {
    this.serve(app, durationMs, -count)
  }

  /** So many invocations are served, without delay but for what {@link delay} says of them. */
  serve(app: number, durationMs: number, count: number): void {
    this.turnTo(app)
    this.undelayed += count
    this.unwaiting += count
    this.tally.add(keyOf(app, RESPONSE, durationMs), count)
  }

  /** The distributions of the apps `from` up to, not including, `to`. */
  table(from: number, to: number): LatencyTable {
    this.turnTo(NO_APP)
    const { keys, counts } = this.tally.entries()
    const apps = to - from
    const first = new Float64Array(KINDS * apps + 1)
    for (const key of keys) first[Math.floor(key / BINS) - KINDS * from + 1]! += 1
    for (let row = 0; row < KINDS * apps; row += 1) first[row + 1]! += first[row]!
    return { apps, first, bin: Uint16Array.from(keys, (key) => key % BINS), count: counts }
  }

  private turnTo(app: number): void {
    if (app === this.app) return
    if (this.undelayed !== 0) this.tally.add(keyOf(this.app, ADDED, 0), this.undelayed)
    if (this.unwaiting !== 0) this.tally.add(keyOf(this.app, WAITING, 0), this.unwaiting)
    this.app = app
    this.undelayed = 0
    this.unwaiting = 0
  }
}

function keyOf(app: number, kind: number, ms: number): number {
  return (app * KINDS + kind) * BINS + binOf(ms)
}

/** The tables of consecutive stretches of apps as one. */
export function joinedTables(parts: readonly LatencyTable[]): LatencyTable {
  const rows = parts.reduce((sum, { bin }) => sum + bin.length, 0)
  const apps = parts.reduce((sum, part) => sum + part.apps, 0)
  const table = {
    apps,
    first: new Float64Array(KINDS * apps + 1),
    bin: new Uint16Array(rows),
    count: new Float64Array(rows),
  }
  let [app, row] = [0, 0]
  for (const part of parts) {
    table.first.set(
      part.first.map((start) => start + row),
      KINDS * app,
    )
    table.bin.set(part.bin, row)
    table.count.set(part.count, row)
    app += part.apps
    row += part.bin.length
  }
  return table
}
