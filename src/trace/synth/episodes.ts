import { DAY_MINUTES } from '../../core/units.ts'
import type { RandomStream } from '../../core/random.ts'
import { type Intensity } from './cycle.ts'
import type { Pattern } from './pattern.ts'
import { FORTNIGHT_DAYS } from './rates.ts'

const FORTNIGHT_MINUTES = FORTNIGHT_DAYS * DAY_MINUTES

/** A time in the fortnight, in minutes, likelier where the intensity is high. */
export function drawMinute(stream: RandomStream, intensity: Intensity): number {
  for (;;) {
    const minute = stream.uniform() * FORTNIGHT_MINUTES
    if (stream.uniform() * intensity.highest < intensity.at(Math.floor(minute))) return minute
  }
}

/** When the sessions of an app begin in a fortnight, in minutes, in no order; its functions share them. At least one. */
export function drawSessions(
  stream: RandomStream,
  arrivals: number,
  { kind, burst }: Pattern,
  intensity: Intensity,
): Float64Array {
  const sessions = kind === 'bursty' ? Math.min(FORTNIGHT_MINUTES, Math.max(1, Math.round(arrivals / burst))) : 0
  return Float64Array.from({ length: sessions }, () => drawMinute(stream, intensity))
}

/**
 * The minutes of a fortnight in which a bursty app above one a minute is busy (1) or not (0): stretches of exponential
 * length that take up the part `duty` of the time on average. Some minute is always busy.
 */
export function drawBusyTimes(
  stream: RandomStream,
  { sessionMinutes, duty }: Pattern,
  intensity: Intensity,
): Uint8Array {
  const busy = new Uint8Array(FORTNIGHT_MINUTES)
  const busyMinutes = sessionMinutes * 4
  const quietMinutes = busyMinutes * (1 / duty - 1)
  let minute = -stream.uniform() * quietMinutes
  while (minute < FORTNIGHT_MINUTES) {
    minute -= quietMinutes * Math.log(stream.positive())
    const until = minute - busyMinutes * Math.log(stream.positive())
    busy.fill(1, Math.max(0, Math.floor(minute)), Math.max(0, Math.ceil(until)))
    minute = until
  }
  if (!busy.includes(1)) busy[Math.floor(drawMinute(stream, intensity))] = 1
  return busy
}
