import { DAY_MINUTES } from '../../../src/core/units.ts'
import type { AppProfile } from '../../../src/trace/synth/app.ts'
import { CYCLE, IAT_CV } from '../../../src/trace/synth/published-shares.ts'
import { createPopulation } from '../../../src/trace/synth/population.ts'
import { type Figure, mean, part, shareFigure } from './figure.ts'

const MINUTES = 14 * DAY_MINUTES

/** What a fortnight of so many apps looks like. */
export interface Fortnight {
  /** Invocations of all apps in each minute. */
  readonly total: Float64Array
  readonly apps: readonly AppFortnight[]
}

interface AppFortnight {
  readonly timers: 'only' | 'some' | 'none'
  /** Coefficient of variation of the times between arrivals; NaN for an app with fewer than two. */
  readonly cv: number
  readonly invocations: number
  /** Whether it was invoked on the first day. */
  readonly onFirstDay: boolean
}

/** Draws all arrivals of a fortnight and measures them app by app. */
export function measureFortnight(seed: number, count: number): Fortnight {
  const population = createPopulation(seed)
  const total = new Float64Array(MINUTES)
  const counts = new Uint32Array(MINUTES)
  const apps = Array.from({ length: count }, (_, place) => {
    const app = population.app(place)
    const arrivals = population.arrivals(app)
    const ofApp = new Float64Array(MINUTES)
    for (const fn of app.functions) {
      arrivals.fill(fn, counts)
      for (let minute = 0; minute < MINUTES; minute += 1) ofApp[minute]! += counts[minute]!
    }
    for (let minute = 0; minute < MINUTES; minute += 1) total[minute]! += ofApp[minute]!
    const onFirstDay = ofApp.subarray(0, DAY_MINUTES).some((inMinute) => inMinute > 0)
    const invocations = ofApp.reduce((sum, inMinute) => sum + inMinute, 0)
    return { timers: timersOf(app), cv: variationOf(ofApp), invocations, onFirstDay }
  })
  return { total, apps }
}

function timersOf(app: AppProfile): AppFortnight['timers'] {
  const timers = app.functions.filter(({ trigger }) => trigger === 'timer').length
  return timers === 0 ? 'none' : timers === app.functions.length ? 'only' : 'some'
}

/** The variation of times between arrivals when the arrivals of a minute lie evenly in it. */
export function variationOf(perMinute: ArrayLike<number>): number {
  let last = Number.NaN
  let gaps = 0
  let sum = 0
  let squares = 0
  const add = (gap: number, times: number) => {
    gaps += times
    sum += gap * times
    squares += gap * gap * times
  }
  for (let minute = 0; minute < perMinute.length; minute += 1) {
    const count = perMinute[minute]!
    if (count === 0) continue
    if (!Number.isNaN(last)) add(minute + 0.5 / count - last, 1)
    add(1 / count, count - 1)
    last = minute + (count - 0.5) / count
  }
  const mean = sum / gaps
  return Math.sqrt(Math.max(0, squares / gaps - mean * mean)) / mean
}

/** Values of figure 6 are read off a plot, to about this. */
const EYE = 0.03
/** A variation that a plot does not tell from none. */
const NONE = 0.05

/** Figure 6: how regular the arrivals of apps are. */
export function variationFigures({ apps }: Fortnight): Figure[] {
  const all = apps.filter(({ cv }) => !Number.isNaN(cv))
  const groups = [
    // The curves of all apps and of the two groups do not add up at 0 (docs/synth.md): the gap between them is open.
    { name: 'all apps', members: all, target: IAT_CV.all, open: 0.05 },
    { name: 'apps of timers only', members: all.filter(({ timers }) => timers === 'only'), target: IAT_CV.onlyTimers },
    { name: 'apps without timers', members: all.filter(({ timers }) => timers === 'none'), target: IAT_CV.noTimers },
    { name: 'apps with a timer', members: all.filter(({ timers }) => timers !== 'none'), target: IAT_CV.anyTimer },
  ]
  return groups.flatMap(({ name, members, target, open = 0 }) => {
    const upTo = (most: number) => part(members, ({ cv }) => cv <= most)
    const atMostOne = shareFigure(`${name}: IAT CV at most 1`, target.atMostOne, upTo(1), members.length, EYE)
    if (!('zero' in target)) return [atMostOne]
    return [shareFigure(`${name}: IAT CV 0`, target.zero, upTo(NONE), members.length, EYE + open), atMostOne]
  })
}

/** Means over `minutes` at a time of the average day. */
export function averageDay(total: ArrayLike<number>, minutes: number): number[] {
  const day = Array.from({ length: DAY_MINUTES / minutes }, () => 0)
  for (let minute = 0; minute < total.length; minute += 1) {
    day[Math.floor((minute % DAY_MINUTES) / minutes)]! += total[minute]! / minutes / (total.length / DAY_MINUTES)
  }
  return day
}

/** The middle of a quarter of an hour, in minutes. */
function middle(quarter: number): number {
  return quarter * 15 + 7.5
}

/** Figure 4: the platform's day and week. */
export function cycleFigures({ total }: Fortnight): Figure[] {
  const hours = Array.from({ length: MINUTES / 60 }, (_, hour) =>
    total.subarray(hour * 60, hour * 60 + 60).reduce((sum, count) => sum + count, 0),
  )
  const days = Array.from({ length: 14 }, (_, day) =>
    total.subarray(day * DAY_MINUTES, (day + 1) * DAY_MINUTES).reduce((sum, count) => sum + count, 0),
  )
  const quarters = averageDay(total, 15)
  return [
    // Functions below one a second, a tenth of the invocations, have floors of their own, from 0 to 1.
    {
      what: 'floor, of the hourly peak',
      target: CYCLE.floor,
      measured: Math.min(...hours) / Math.max(...hours),
      tolerance: 0.05,
    },
    {
      what: 'a weekend day, of a weekday',
      target: CYCLE.weekend,
      measured: mean(days.filter((_, day) => day % 7 >= 5)) / mean(days.filter((_, day) => day % 7 < 5)),
      tolerance: 0.03,
    },
    // A cosine is within 1 % of its extreme for 37 minutes around it, and the functions below one a second add as much noise.
    {
      what: 'busiest quarter of an hour, minute of the day',
      target: CYCLE.busiestMinute,
      measured: middle(quarters.indexOf(Math.max(...quarters))),
      tolerance: 60,
    },
    {
      what: 'quietest quarter of an hour, minute of the day',
      target: CYCLE.quietestMinute,
      measured: middle(quarters.indexOf(Math.min(...quarters))),
      tolerance: 60,
    },
  ]
}
