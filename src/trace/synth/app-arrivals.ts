import { DAY_MINUTES } from '../../core/units.ts'
import { randomPoisson } from 'd3-random'
import { type RandomStream, streamOf } from '../../core/random.ts'
import type { AppProfile, FunctionProfile } from './app.ts'
import { addBeat } from './beat.ts'
import { type Intensity, intensityOf, type Wave } from './cycle.ts'
import { drawBusyTimes, drawMinute, drawSessions } from './episodes.ts'
import type { Pattern } from './pattern.ts'
import { FORTNIGHT_DAYS, MINUTELY, SECONDLY } from './rates.ts'

const FORTNIGHT_MINUTES = FORTNIGHT_DAYS * DAY_MINUTES

/** Gives the minute counts of an app's functions. */
export interface SynthArrivals {
  /** Fills `counts`, one entry per minute since the trace began, with a function's invocations. */
  fill(fn: FunctionProfile, counts: Uint32Array): void
}

/**
 * The arrivals of one app. Timers tick. What else comes at most once a minute is a whole number of arrivals a fortnight,
 * placed by the app's pattern; what comes more often is drawn minute by minute from Poisson distributions that follow
 * the app's cycle. Fortnights have streams of their own, so more days never change the days before.
 */
export function createAppArrivals(seed: number, wave: Wave, app: AppProfile): SynthArrivals {
  const intensity = intensityOf(wave, app.cycle)
  const slow = app.functions.filter(isSlow).reduce((sum, { perDay }) => sum + perDay, 0)
  const sessions = remembered((fortnight) =>
    drawSessions(streamOf(seed, `${app.key} sessions ${fortnight}`), slow * FORTNIGHT_DAYS, app.pattern, intensity),
  )
  const busyTimes = remembered((fortnight) =>
    drawBusyTimes(streamOf(seed, `${app.key} busy times ${fortnight}`), app.pattern, intensity),
  )
  return {
    fill(fn, counts) {
      counts.fill(0)
      if (fn.beat !== undefined) return addBeat(streamOf(seed, `${fn.key} ticks`), fn.beat, counts)
      for (let start = 0, fortnight = 0; start < counts.length; start += FORTNIGHT_MINUTES, fortnight += 1) {
        const part = counts.subarray(start, start + FORTNIGHT_MINUTES)
        const stream = streamOf(seed, `${fn.key} fortnight ${fortnight}`)
        if (!isSlow(fn)) addBusy(stream, fn.perDay, intensity, steady(app, fn) ? undefined : busyTimes(fortnight), part)
        else addSparse(stream, fn.perDay, intensity, app.pattern, sessions(fortnight), part)
      }
    },
  }
}

function isSlow({ perDay, beat }: FunctionProfile): boolean {
  return beat === undefined && perDay <= MINUTELY
}

/** Whether a function above one a minute is always busy. */
function steady({ pattern }: AppProfile, { perDay }: FunctionProfile): boolean {
  return pattern.kind !== 'bursty' || perDay > SECONDLY
}

function remembered<T>(make: (fortnight: number) => T): (fortnight: number) => T {
  const made: T[] = []
  return (fortnight) => (made[fortnight] ??= make(fortnight))
}

/** Places a fortnight's whole number of arrivals, at least one, and counts those within the part that is asked for. */
function addSparse(
  stream: RandomStream,
  perDay: number,
  intensity: Intensity,
  pattern: Pattern,
  sessions: Float64Array,
  part: Uint32Array,
): void {
  const arrivals = Math.max(1, Math.round(perDay * FORTNIGHT_DAYS))
  const distance = FORTNIGHT_MINUTES / arrivals
  const phase = stream.uniform() * distance
  for (let index = 0; index < arrivals; index += 1) {
    let time: number
    if (pattern.kind === 'bursty') {
      const session = sessions[Math.floor(stream.uniform() * sessions.length)]!
      time = session - pattern.sessionMinutes * Math.log(stream.positive())
    } else if (pattern.kind === 'random') time = drawMinute(stream, intensity)
    else time = phase + (index + pattern.stray * (stream.uniform() - 0.5)) * distance
    const minute = Math.floor(time + FORTNIGHT_MINUTES) % FORTNIGHT_MINUTES
    if (minute < part.length) part[minute]! += 1
  }
}

/** Draws every minute's count of a part of a fortnight that begins with it. */
function addBusy(
  stream: RandomStream,
  perDay: number,
  intensity: Intensity,
  busy: Uint8Array | undefined,
  part: Uint32Array,
): void {
  const poisson = randomPoisson.source(() => stream.uniform())
  const perMinute = (perDay / DAY_MINUTES) * (busy === undefined ? 1 : FORTNIGHT_MINUTES / weightOf(busy, intensity))
  for (let minute = 0; minute < part.length; minute += 1) {
    if (busy?.[minute] !== 0) part[minute]! += poisson(perMinute * intensity.at(minute))()
  }
}

/** The part of a fortnight's intensity that falls into busy minutes, in minutes of intensity 1. */
function weightOf(busy: Uint8Array, intensity: Intensity): number {
  let weight = 0
  for (const [minute, on] of busy.entries()) if (on === 1) weight += intensity.at(minute)
  return weight
}
