import { RandomStream } from '../../core/random.ts'
import { MINUTE, SECOND } from '../../core/units.ts'
import { TraceBuilder } from '../../trace/build/builder.ts'
import type { Trace } from '../../trace/trace.ts'

const DAYS = 2
const HORIZON = DAYS * 24 * 60 * MINUTE

/** Times of arrivals as apps have them: by a timer, at random, in bursts, by the day, once, and at the same instant. */
const HABITS: readonly ((stream: RandomStream) => number[])[] = [
  () => every(5 * MINUTE, 0),
  () => every(60 * MINUTE, 7 * SECOND),
  () => every(7 * 60 * MINUTE, 0),
  (stream) => atRandom(stream, 12 * MINUTE),
  (stream) => atRandom(stream, 3 * 60 * MINUTE),
  (stream) =>
    every(6 * 60 * MINUTE, MINUTE).flatMap((at) =>
      Array.from({ length: 20 }, () => at + (stream.next() % (30 * SECOND))),
    ),
  () => every(24 * 60 * MINUTE, 9 * 60 * MINUTE).flatMap((at) => [at, at + 10 * MINUTE, at + 20 * MINUTE]),
  () => [MINUTE],
  () => [MINUTE, MINUTE, 2 * MINUTE],
]

/**
 * A small trace of every habit, to run policies on that nobody has run yet: two days, memory and durations known. As counts
 * per minute it has the same arrivals, of which those of a minute are one.
 */
export function checkTrace(arrivals: 'events' | 'counts' = 'events'): Trace {
  const builder = new TraceBuilder({ id: 'check', format: arrivals })
  const stream = new RandomStream()
  for (const [habit, timesOf] of HABITS.entries()) {
    for (let copy = 0; copy < 2; copy += 1) {
      const app = `app-${habit}-${copy}`
      const row = builder.functionRow('', app, 'f')
      builder.addMemory('', app, 64 * (1 + ((habit + copy) % 5)), 1)
      builder.addColdStart(row, 200 * (1 + (habit % 4)))
      stream.begin(habit, copy, 1, 0)
      for (const at of timesOf(stream).sort((one, other) => one - other)) {
        const durationMs = 100 * (stream.next() % 20)
        if (at >= HORIZON) continue
        if (arrivals === 'events') builder.addEvent(row, at, durationMs)
        else {
          builder.addCount(row, Math.floor(at / MINUTE), 1)
          builder.addDuration(row, durationMs, 1)
        }
      }
    }
  }
  return builder.build(HORIZON, { files: [], defects: [] })
}

function every(period: number, from: number): number[] {
  return Array.from({ length: Math.ceil((HORIZON - from) / period) }, (_, index) => from + index * period)
}

function atRandom(stream: RandomStream, mean: number): number[] {
  const times: number[] = []
  for (let now = 0; ; ) {
    now += Math.round(-Math.log(stream.positive()) * mean)
    if (now >= HORIZON) return times
    times.push(now)
  }
}
