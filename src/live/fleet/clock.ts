import { performance } from 'node:perf_hooks'

/** The fleet's clock, in whole ms since its origin. It never goes back. */
export interface Clock {
  /** The origin, in ms since 1970. */
  readonly originMs: number
  now(): number
  /** Calls back at a time, or soon after; gives a function that calls it off. */
  at(timeMs: number, callBack: () => void): () => void
}

/** Node's timers hold no longer times. */
const LONGEST_MS = 2 ** 31 - 1

/** The machine's monotonic clock, set once by its wall clock. Later changes of the wall clock have no effect. */
export function wallClock(originMs: number): Clock {
  const offset = performance.timeOrigin - originMs
  return {
    originMs,
    now: () => Math.floor(offset + performance.now()),
    at(timeMs, callBack) {
      const wait = timeMs - (offset + performance.now())
      const timer = setTimeout(callBack, Math.min(Math.max(0, Math.ceil(wait)), LONGEST_MS))
      return () => clearTimeout(timer)
    },
  }
}
