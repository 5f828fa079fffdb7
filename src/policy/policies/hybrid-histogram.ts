import { HOUR, MINUTE } from '../../core/units.ts'
import { IdleHistogram } from '../forecast/idle-histogram.ts'
import { wrongShape } from '../forecast/histogram-shape.ts'
import { FEWEST_TO_FORECAST, latestForecast } from '../forecast/latest-forecasts.ts'
import type { ParameterValues } from '../parameters.ts'
import {
  definePolicy,
  type HearsRuns,
  type IdleRuns,
  type Policy,
  type PolicyContext,
  type Windows,
} from '../policy.ts'

/**
 * So many of the latest idle times are kept to forecast from where no horizon says when a forecast is out of question. An
 * app is forecast only while most of them are at least the range: with 4 hours these go back 83 days or more.
 */
const MOST_WITHOUT_END = 1000

const parameters = {
  range: {
    kind: 'duration',
    isWindow: true,
    describe: 'Range of the histogram, and the standard keep-alive.',
    default: 4 * HOUR,
    min: 1,
  },
  binWidth: { kind: 'duration', describe: 'Width of a bin.', default: MINUTE, min: 1 },
  head: {
    kind: 'number',
    unit: '%',
    describe: 'Head cut-off, a percentile of the idle times.',
    default: 5,
    min: 0,
    max: 100,
  },
  tail: {
    kind: 'number',
    unit: '%',
    describe: 'Tail cut-off, a percentile of the idle times.',
    default: 99,
    min: 0,
    max: 100,
  },
  margin: {
    kind: 'number',
    unit: '%',
    describe: 'Load this much earlier, unload this much later.',
    default: 10,
    min: 0,
    max: 100,
  },
  cv: { kind: 'number', describe: 'Least variation of the bin counts to trust the histogram.', default: 2, min: 0 },
  oob: {
    kind: 'number',
    describe: 'Forecast when more than this share is out of bounds.',
    default: 0.5,
    min: 0,
    max: 1,
  },
  minIts: {
    kind: 'number',
    describe: 'Fewer idle times get the standard keep-alive.',
    default: 1,
    min: 0,
    whole: true,
  },
  arima: { kind: 'switch', describe: 'Forecast apps whose idle times are mostly out of bounds.', default: true },
  arimaMargin: {
    kind: 'number',
    unit: '%',
    describe: 'Window on both sides of a forecast.',
    default: 15,
    min: 0,
    max: 100,
  },
  marginReading: {
    kind: 'choice',
    describe:
      'What the margin widens: both ends (absolute); load at the head, then stay the whole tail (afterLoad: DSLab, FaasCache); stay the tail and the margin of the head (ofHead: OpenDC); stay the widened distance (ofWidth).',
    default: 'absolute',
    options: ['absolute', 'afterLoad', 'ofHead', 'ofWidth'],
  },
  gap: {
    kind: 'choice',
    describe: 'What is learnt: the idle time, or the time from arrival to arrival (FaasCache, RainbowCake).',
    default: 'idle',
    options: ['idle', 'arrival'],
  },
  gapOf: {
    kind: 'choice',
    describe:
      "Whose gaps feed the app's histogram: the app's, or each function's own since it last ended, busy or not (DSLab).",
    default: 'app',
    options: ['app', 'function'],
  },
  further: {
    kind: 'duration',
    isWindow: true,
    describe:
      'How long an instance stays that becomes idle while others of its app are in use. 0: as published, by the windows of the app, which then say nothing of how many instances it needs.',
    default: 0,
    min: 0,
  },
} as const

type Params = ParameterValues<typeof parameters>

/** What the policy knows of one app. */
interface History {
  readonly histogram: IdleHistogram
  /** All idle times, or the latest, while a forecast may still be asked for; null once it cannot. */
  gaps: number[] | null
}

class HybridHistogram implements Policy {
  readonly finished?: (app: number, now: number, fn: number) => void
  readonly keepIdleMs?: () => number
  readonly arrivedInRuns?: HearsRuns['arrivedInRuns']
  readonly arrivedAlike?: (app: number, now: number, idleMs: number, times: number) => number
  private readonly params: Params
  private readonly bins: number
  private readonly histories: (History | undefined)[]
  /** In-bounds idle times from which on out-of-bounds ones can never again be too many before the horizon. */
  private readonly enough: number
  private readonly mostGaps: number
  /** When the last gap's start was, by app or function; only for the readings that are not idle times of the app. */
  private readonly gapStart: Float64Array | null

  constructor(params: Params, context: PolicyContext) {
    this.params = params
    this.bins = Math.ceil(params.range / params.binWidth)
    this.histories = Array.from({ length: context.apps })
    const perFunction = params.gapOf === 'function'
    // Out-of-bounds idle times do not overlap, so they are few; only those of different functions can.
    const outOfBounds = Math.floor(context.horizonMs / params.range) * (perFunction ? context.functions : 1)
    const canForecast = params.arima && params.oob < 1 && outOfBounds > 0
    this.mostGaps = context.horizonMs === Number.POSITIVE_INFINITY ? MOST_WITHOUT_END : Number.POSITIVE_INFINITY
    this.enough = canForecast ? (outOfBounds * (1 - params.oob)) / params.oob : 0
    const own = params.gap === 'idle' && !perFunction
    if (own) {
      this.arrivedAlike = (app, _now, idleMs, times) => this.learnAlike(app, idleMs, times)
      this.arrivedInRuns = (app, _now, runs, most) => this.learnInRuns(app, runs, most)
    }
    this.gapStart = own ? null : new Float64Array(perFunction ? context.functions : context.apps).fill(-1)
    const { further } = params
    if (further > 0) this.keepIdleMs = () => further
    if (perFunction && params.gap === 'idle') this.finished = (_app, now, fn) => void (this.gapStart![fn] = now)
  }

  arrived(app: number, now: number, idleMs: number, fn: number): void {
    const gap = this.gapStart === null ? idleMs : this.otherGap(app, now, fn)
    if (gap < 0) return
    this.learn(this.histories[app] ?? this.begin(app), gap, this.binOf(gap), 1)
  }

  private learn(history: History, gap: number, bin: number, times: number): void {
    const { histogram, gaps } = history
    histogram.learn(bin, times)
    if (gaps === null) return
    if (histogram.inBounds >= this.enough) history.gaps = null
    else {
      for (let each = 0; each < times; each += 1) gaps.push(gap)
      while (gaps.length > this.mostGaps) gaps.shift()
    }
  }

  /** Learns as many equal idle times as leave the answer as it is, and the next. */
  private learnAlike(app: number, gap: number, times: number): number {
    const history = this.histories[app] ?? this.begin(app)
    const bin = this.binOf(gap)
    const heard = times === 1 ? 1 : 1 + this.steadyFor(history, bin, times - 1)
    this.learn(history, gap, bin, heard)
    return heard
  }

  /** Learns idle times that leave the answer as it is, or else some that are equal. */
  private learnInRuns(app: number, runs: IdleRuns, most: number): number {
    const { idleMs, times, run, nth } = runs
    const steady = this.learnSteady(app, runs, most)
    return steady > 0 ? steady : this.learnAlike(app, idleMs[run]!, Math.min(times[run]! - nth, most))
  }

  /** Learns idle times as long as the cut-offs of a trusted histogram stand; gives how many. */
  private learnSteady(app: number, runs: IdleRuns, most: number): number {
    const history = this.histories[app]
    if (history === undefined || !this.isTrusted(history)) return 0
    const { histogram, gaps } = history
    const steady = histogram.learnSteady(runs, most, this.params)
    if (gaps === null) return steady
    if (histogram.inBounds >= this.enough) history.gaps = null
    else this.remember(gaps, runs, steady)
    return steady
  }

  /** Whether windows are those between the cut-offs. */
  private isTrusted({ histogram }: History): boolean {
    const { minIts, oob, cv } = this.params
    const { inBounds, outOfBounds } = histogram
    const its = inBounds + outOfBounds
    return inBounds > 0 && its >= minIts && outOfBounds <= oob * its && histogram.variesAtLeast(cv)
  }

  private remember(gaps: number[], { idleMs, times, run, nth }: IdleRuns, count: number): void {
    for (let row = run, passed = nth, left = count; left > 0; row += 1, passed = 0) {
      const together = Math.min(times[row]! - passed, left)
      for (let each = 0; each < together; each += 1) gaps.push(idleMs[row]!)
      left -= together
    }
    while (gaps.length > this.mostGaps) gaps.shift()
  }

  /** So many more idle times in that bin leave the answer to the history as it is; it may be more. */
  private steadyFor({ histogram }: History, bin: number, most: number): number {
    const { minIts, oob, cv } = this.params
    const { inBounds, outOfBounds } = histogram
    const its = inBounds + outOfBounds
    // Of each forecast the history is another.
    if (its < minIts || outOfBounds > oob * its) return 0
    return histogram.steadyFor(bin, most, cv)
  }

  /** The range need not be a whole number of bins: what lies beyond it is out of bounds all the same. */
  private binOf(gap: number): number {
    return gap >= this.params.range ? this.bins : Math.floor(gap / this.params.binWidth)
  }

  decide(app: number, _now: number, out: Windows): void {
    const { minIts, oob, cv, range } = this.params
    const history = this.histories[app]
    const inBounds = history === undefined ? 0 : history.histogram.inBounds
    const outOfBounds = history === undefined ? 0 : history.histogram.outOfBounds
    out.prewarmMs = 0
    out.keepAliveMs = range
    if (history === undefined || inBounds + outOfBounds < minIts) return
    if (outOfBounds > oob * (inBounds + outOfBounds)) this.forecast(history, out)
    else if (inBounds > 0 && history.histogram.variesAtLeast(cv)) this.cutOffs(history.histogram, out)
  }

  /** Windows between the head and the tail of the histogram. Percentages multiply first: whole numbers stay exact. */
  private cutOffs(histogram: IdleHistogram, out: Windows): void {
    const { binWidth, margin, marginReading } = this.params
    const head = histogram.headBin() * binWidth
    const tail = (histogram.tailBin() + 1) * binWidth
    const load = (head * (100 - margin)) / 100
    out.prewarmMs = load
    if (marginReading === 'absolute') out.keepAliveMs = (tail * (100 + margin)) / 100 - load
    else if (marginReading === 'afterLoad') out.keepAliveMs = (tail * (100 + margin)) / 100
    else if (marginReading === 'ofHead') out.keepAliveMs = tail + (head * margin) / 100
    else out.keepAliveMs = ((tail - head) * (100 + margin)) / 100
  }

  /** Windows round the forecast; what cannot be forecast leaves the standard keep-alive in `out`. */
  private forecast({ gaps }: History, out: Windows): void {
    const { arimaMargin } = this.params
    if (gaps === null || gaps.length < FEWEST_TO_FORECAST) return
    const next = latestForecast(gaps)
    if (!(next > 0 && Number.isFinite(next))) return
    const load = (next * (100 - arimaMargin)) / 100
    out.prewarmMs = load
    out.keepAliveMs = (next * (100 + arimaMargin)) / 100 - load
  }

  private begin(app: number): History {
    const { head, tail, arima } = this.params
    const history = { histogram: new IdleHistogram(this.bins, head, tail), gaps: arima ? [] : null }
    this.histories[app] = history
    return history
  }

  private otherGap(app: number, now: number, fn: number): number {
    const { gap, gapOf } = this.params
    const start = this.gapStart!
    const whose = gapOf === 'function' ? fn : app
    const since = start[whose]!
    if (gap === 'arrival') start[whose] = now
    return since < 0 ? -1 : now - since
  }

  save(app: number): unknown {
    const history = this.histories[app]
    return history === undefined ? undefined : { ...history.histogram.save(), gaps: history.gaps }
  }

  load(app: number, state: unknown): void {
    const saved = state as ReturnType<IdleHistogram['save']> & { gaps: number[] | null }
    this.histories[app] = undefined
    const history = this.begin(app)
    history.histogram.load(saved)
    history.gaps = saved.gaps === null ? null : saved.gaps.slice(Math.max(0, saved.gaps.length - this.mostGaps))
  }
}

/** The hybrid histogram policy, as interface.md pins it line by line; its own options are other published readings. */
export const hybridHistogram = definePolicy({
  id: 'hybrid-histogram',
  summary:
    "Learns each app's idle times in a histogram, or forecasts them, and loads the app just before it is needed.",
  paper: 'Shahrad et al., "Serverless in the Wild", USENIX ATC 2020, section 4',
  departures: [
    'The paper has no number for too many idle times out of bounds, nor for too few in all: oob and minIts are ours.',
    'It forecasts by the auto_arima of pmdarima. Here the order with p <= 2, d <= 1 and q <= 2 of least AICc is taken.',
  ],
  parameters,
  scope: 'app',
  needs: [],
  contradiction: wrongShape,
  create: (params, context) => new HybridHistogram(params, context),
})
