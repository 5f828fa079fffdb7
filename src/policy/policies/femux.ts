import { DAY, MINUTE } from '../../core/units.ts'
import { blockFeatures } from '../demand/block-features.ts'
import { type CostClasses, costClasses, type Example, wayFor } from '../demand/cost-classes.ts'
import { type OneStepForecast, oneStepForecasters } from '../demand/forecasters.ts'
import { RecentConcurrency } from '../demand/recent-concurrency.ts'
import { turnAfter } from '../demand/turns.ts'
import type { ParameterValues } from '../parameters.ts'
import { definePolicy, type FloorAnswer, type Policy, type PolicyContext, type Windows } from '../policy.ts'
import { relativeSize } from '../rent/relative-size.ts'

const parameters = {
  cold: { kind: 'number', unit: 's', describe: 'What a cold start weighs in RUM.', default: 0.808, min: 0 },
  memory: {
    kind: 'number',
    describe: 'The GB·s of idle memory that weigh in RUM as much as a second of cold starts.',
    default: 99.69,
    min: 0.001,
  },
  averageMb: {
    kind: 'number',
    unit: 'MB',
    describe: 'What an app of average memory is taken to have, so that RUM also serves where all are equal.',
    default: 170,
    min: 0,
  },
  window: {
    kind: 'number',
    unit: 'min',
    describe: 'So many of the latest minutes are forecast from.',
    default: 120,
    min: 20,
    max: 1440,
    whole: true,
  },
  block: {
    kind: 'number',
    unit: 'min',
    describe: 'A forecaster is chosen for so many minutes.',
    default: 504,
    min: 20,
    max: 10_080,
    whole: true,
  },
  classes: {
    kind: 'number',
    describe: 'Blocks are told apart in at most so many classes.',
    default: 10,
    min: 1,
    max: 50,
    whole: true,
  },
  examples: {
    kind: 'number',
    describe: 'Classes are made from so many of the latest blocks of all apps.',
    default: 4000,
    min: 10,
    max: 100_000,
    whole: true,
  },
  sample: {
    kind: 'number',
    describe: 'All forecasters are tried in one of so many blocks, which are the examples; else the chosen one alone.',
    default: 4,
    min: 1,
    max: 100,
    whole: true,
  },
  learn: { kind: 'duration', describe: 'How often classes are made anew.', default: DAY, min: MINUTE },
} as const

type Params = ParameterValues<typeof parameters>

/** One app: its series, and what each forecaster did with it in the present block. */
interface Series {
  readonly concurrency: RecentConcurrency
  /** Mean concurrency of as many minutes before the present block as are looked at, and of its own; and the latter alone. */
  readonly recent: Float64Array
  readonly block: Float64Array
  /** In how many of the latest minutes anything ran. */
  busy: number
  /** Minutes before this one are in them; arrivals in it so far. */
  minute: number
  arrivals: number
  /** Instances that each forecaster wants in this minute, and RUM of each in this block so far. */
  readonly wanted: Float64Array
  readonly costs: Float64Array
  /** Features of the block before; none in the first. */
  before: number[] | null
  /** The forecaster of this block. */
  way: number
}

class Femux implements Policy {
  private readonly params: Params
  private readonly askAgain: PolicyContext['askAgain']
  private readonly forecasts: readonly OneStepForecast[]
  /** The ten-minute keep-alive, before anything is known. */
  private readonly first: number
  private readonly size: Float64Array
  private readonly series: (Series | undefined)[]
  private readonly examples: Example[] = []
  private classes: CostClasses | null = null
  private learnAt: number

  constructor(params: Params, { apps, memoryMb, askAgain }: PolicyContext) {
    this.params = params
    this.askAgain = askAgain
    const forecasters = oneStepForecasters(params.window)
    this.forecasts = Object.values(forecasters)
    this.first = Object.keys(forecasters).indexOf('keep10')
    this.size = relativeSize(memoryMb)
    this.series = Array.from({ length: apps })
    this.learnAt = params.learn
  }

  private of(app: number, now: number): Series {
    return (this.series[app] ??= this.begun(now))
  }

  private begun(now: number): Series {
    const { window, block } = this.params
    const recent = new Float64Array(window + block)
    return {
      concurrency: new RecentConcurrency(2, MINUTE),
      recent,
      block: recent.subarray(window),
      busy: 0,
      minute: Math.floor(now / MINUTE),
      arrivals: 0,
      wanted: new Float64Array(this.forecasts.length),
      costs: new Float64Array(this.forecasts.length),
      before: null,
      way: this.first,
    }
  }

  arrived(app: number, now: number): void {
    const series = this.of(app, now)
    this.catchUp(app, series, now)
    series.concurrency.began(now)
    series.arrivals += 1
    this.askAgain?.(app, turnAfter(now, MINUTE))
  }

  finished(app: number, now: number): void {
    const series = this.of(app, now)
    this.catchUp(app, series, now)
    series.concurrency.ended(now)
  }

  floor(app: number, now: number, out: FloorAnswer): void {
    const series = this.series[app]
    out.instances = 0
    out.untilMs = this.askAgain === undefined ? turnAfter(now, MINUTE) : Number.POSITIVE_INFINITY
    if (series === undefined) return
    this.catchUp(app, series, now)
    out.instances = series.wanted[series.way]!
    if (!isQuiet(series)) out.untilMs = turnAfter(now, MINUTE)
  }

  /** Takes the minutes that are over into the series; forecasts the present one. */
  private catchUp(app: number, series: Series, now: number): void {
    const present = Math.floor(now / MINUTE)
    const { block, window } = this.params
    while (series.minute < present) {
      const { concurrency, minute, recent } = series
      // A minute in which nothing ran, after as many as are looked at, changes nothing until the block ends.
      if (isQuiet(series)) {
        const end = Math.min(present, (Math.floor(minute / block) + 1) * block)
        series.block.fill(0, minute % block, ((end - 1) % block) + 1)
        series.minute = end
        series.wanted.fill(0)
        if (end % block === 0) this.endBlock(series, now)
        continue
      }
      const value = concurrency.mean((minute + 1) * MINUTE, 2)
      if (this.isExample(minute)) this.score(app, series, value)
      const inBlock = minute % block
      if (recent[inBlock] !== 0) series.busy -= 1
      if (value !== 0) series.busy += 1
      recent[window + inBlock] = value
      series.arrivals = 0
      series.minute += 1
      if (series.minute % block === 0) this.endBlock(series, now)
      this.forecast(series)
    }
  }

  private isExample(minute: number): boolean {
    return Math.floor(minute / this.params.block) % this.params.sample === 0
  }

  /** What each forecaster wants for the present minute, or in a block that is no example the chosen one. */
  private forecast({ minute, recent, wanted, way: chosen }: Series): void {
    const { forecasts } = this
    const { block, window } = this.params
    const from = minute % block
    const to = from + window
    if (!this.isExample(minute)) {
      wanted[chosen] = instancesFor(forecasts[chosen]!(recent, from, to))
      return
    }
    for (let way = 0; way < forecasts.length; way += 1) wanted[way] = instancesFor(forecasts[way]!(recent, from, to))
  }

  private score(app: number, { wanted, costs, arrivals }: Series, value: number): void {
    const { cold, memory, averageMb } = this.params
    const gbS = (60 * averageMb * this.size[app]!) / 1024
    const needed = instancesFor(value)
    for (let way = 0; way < wanted.length; way += 1) {
      const missing = Math.min(arrivals, Math.max(0, needed - wanted[way]!))
      const idle = Math.max(0, wanted[way]! - value)
      costs[way]! += missing * cold + (idle * gbS) / memory
    }
  }

  /** What each forecaster cost is an example of the block before; the next forecaster is that of this block's class. */
  private endBlock(series: Series, now: number): void {
    const features = blockFeatures(series.block)
    series.recent.copyWithin(0, this.params.block)
    if (series.before !== null && this.isExample(series.minute - 1)) {
      this.examples.push({ features: series.before, costs: [...series.costs] })
      if (this.examples.length > 2 * this.params.examples) this.examples.splice(0, this.params.examples)
    }
    series.before = features
    series.costs.fill(0)
    if (now >= this.learnAt && this.examples.length > 0) {
      this.learnAt = turnAfter(now, this.params.learn)
      this.classes = costClasses(this.examples.slice(-this.params.examples), this.params.classes)
    }
    series.way = this.classes === null ? this.first : wayFor(this.classes, features)
  }

  /** What came unforeseen stays until the next forecast. */
  decide(_app: number, now: number, out: Windows): void {
    out.prewarmMs = 0
    out.keepAliveMs = turnAfter(now, MINUTE) - now
  }

  save(app: number): unknown {
    const series = this.series[app]
    if (series === undefined) return undefined
    const { recent, minute, wanted, costs, before, way } = series
    return { recent: [...recent], minute, wanted: [...wanted], costs: [...costs], before, way }
  }

  /** Takes back what {@link save} gave; nothing runs then, and the minute that was under way is lost. */
  load(app: number, state: unknown): void {
    const saved = state as Pick<Series, 'minute' | 'before' | 'way'> & Record<'recent' | 'wanted' | 'costs', number[]>
    const series = this.of(app, saved.minute * MINUTE)
    for (const column of ['recent', 'wanted', 'costs'] as const) series[column].set(saved[column])
    series.minute = saved.minute
    const from = saved.minute % this.params.block
    for (const value of series.recent.subarray(from, from + this.params.window)) series.busy += value === 0 ? 0 : 1
    series.before = saved.before
    series.way = saved.way
  }

  saveAll(): unknown {
    return { examples: this.examples, classes: this.classes, learnAt: this.learnAt }
  }

  loadAll(state: unknown): void {
    const saved = state as { examples: Example[]; classes: CostClasses | null; learnAt: number }
    this.examples.splice(0, this.examples.length, ...saved.examples)
    this.classes = saved.classes
    this.learnAt = saved.learnAt
  }
}

/** Nothing runs, and nothing did in all minutes that are looked at. */
function isQuiet({ concurrency, arrivals, busy }: Series): boolean {
  return concurrency.running === 0 && arrivals === 0 && busy === 0
}

/** Whole instances; what is above a whole number by rounding alone is no further one. */
function instancesFor(concurrency: number): number {
  return Math.ceil(concurrency - 1e-9)
}

/** Which forecast serves depends on the series: blocks of like features share the forecaster that cost least. */
export const femux = definePolicy({
  id: 'femux',
  summary:
    'Chooses, for each block of minutes of an app, the forecaster that cost least after blocks of like features.',
  paper: 'FeMux, EuroSys 2026, with the weights of its published code',
  departures: [
    'A class chooses its forecaster from blocks that are over, and does so anew each day. The artefact chooses on the test set.',
    'Holt, smoothing and SETAR are left out, since the artefact has them off.',
    'The tests for linearity (RESET) and stationarity (Dickey-Fuller), and the number of harmonics, are ours.',
    'A Markov chain takes the most frequent next value, and draws none.',
    'All forecasters are tried in one block of four (sample), and the classes, at most ten, are made of the latest 4,000 examples: these numbers are ours.',
    'An execution counts as 1 ms longer than it is.',
    'An arrival without an instance starts one at once.',
  ],
  parameters,
  scope: 'fleet',
  needs: [],
  create: (params, context) => new Femux(params, context),
})
