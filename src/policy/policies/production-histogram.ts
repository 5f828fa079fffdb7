import { DAY, HOUR, MINUTE, SECOND } from '../../core/units.ts'
import { wrongShape } from '../forecast/histogram-shape.ts'
import type { ParameterValues } from '../parameters.ts'
import { definePolicy, type Policy, type PolicyContext, type Windows } from '../policy.ts'
import { GapCounts } from '../rent/gap-counts.ts'

const parameters = {
  range: {
    kind: 'duration',
    isWindow: true,
    describe: 'Range of the histogram, and the standard keep-alive.',
    default: 4 * HOUR,
    min: 1,
  },
  binWidth: { kind: 'duration', describe: 'Width of a bin.', default: MINUTE, min: 1 },
  head: { kind: 'number', unit: '%', describe: 'Head cut-off, a percentile.', default: 5, min: 0, max: 100 },
  tail: { kind: 'number', unit: '%', describe: 'Tail cut-off, a percentile.', default: 99, min: 0, max: 100 },
  margin: {
    kind: 'number',
    unit: '%',
    describe: 'Load this much earlier, unload this much later.',
    default: 10,
    min: 0,
    max: 100,
  },
  cv: { kind: 'number', describe: 'Least variation of the bin counts to trust the histogram.', default: 2, min: 0 },
  oob: { kind: 'number', describe: 'Trust it up to this share out of bounds.', default: 0.5, min: 0, max: 1 },
  days: {
    kind: 'number',
    describe: 'Histograms that are kept, one a day.',
    default: 14,
    min: 1,
    max: 366,
    whole: true,
  },
  fading: {
    kind: 'number',
    describe: "Weight of a day's histogram over that of the next day.",
    default: 0.8,
    min: 0,
    max: 1,
  },
  ahead: {
    kind: 'duration',
    describe: 'Load so long before the time that was computed.',
    default: 90 * SECOND,
    min: 0,
  },
} as const

type Params = ParameterValues<typeof parameters>

/** One app's histograms by day, the latest last, and all of them weighed together. */
interface History {
  readonly days: { readonly day: number; readonly counts: GapCounts }[]
  /** Weights by bin, the last cell out of bounds, as of the latest day. */
  readonly weights: Float64Array
}

type Saved = { day: number; counts: ReturnType<GapCounts['save']> }[]

class ProductionHistogram implements Policy {
  private readonly params: Params
  private readonly bins: number
  private readonly histories: (History | undefined)[]

  constructor(params: Params, { apps }: PolicyContext) {
    this.params = params
    this.bins = Math.ceil(params.range / params.binWidth)
    this.histories = Array.from({ length: apps })
  }

  arrived(app: number, now: number, idleMs: number): void {
    if (idleMs < 0) return
    const { range, binWidth } = this.params
    const history = (this.histories[app] ??= { days: [], weights: new Float64Array(this.bins + 1) })
    this.turnTo(history, Math.floor(now / DAY))
    const bin = idleMs >= range ? this.bins : Math.floor(idleMs / binWidth)
    history.days.at(-1)!.counts.learn(bin)
    history.weights[bin]! += 1
  }

  /** Begins the histogram of that day where it is a new one, and weighs those of earlier days anew. */
  private turnTo({ days, weights }: History, day: number): void {
    if (days.at(-1)?.day === day) return
    days.push({ day, counts: new GapCounts() })
    while (days[0]!.day <= day - this.params.days) days.shift()
    weights.fill(0)
    for (const { day: then, counts } of days) {
      const weight = this.params.fading ** (day - then)
      for (const [bin, count] of counts.save()) weights[bin]! += weight * count
    }
  }

  decide(app: number, _now: number, out: Windows): void {
    const { range, oob, cv, head, tail, margin, binWidth, ahead } = this.params
    out.prewarmMs = 0
    out.keepAliveMs = range
    const weights = this.histories[app]?.weights
    if (weights === undefined) return
    const { bins } = this
    let within = 0
    let squares = 0
    for (let bin = 0; bin < bins; bin += 1) {
      within += weights[bin]!
      squares += weights[bin]! * weights[bin]!
    }
    const beyond = weights[bins]!
    // CV^2 + 1 = bins x sum of squares / sum^2.
    if (within === 0 || beyond > oob * (within + beyond) || bins * squares < (cv * cv + 1) * within * within) return
    let headBin = -1
    let tailBin = 0
    for (let bin = 0, sum = 0; bin < bins; bin += 1) {
      sum += weights[bin]!
      if (headBin < 0 && sum > 0 && 100 * sum >= head * within) headBin = bin
      tailBin = bin
      if (sum > 0 && 100 * sum >= tail * within) break
    }
    out.prewarmMs = Math.max(0, (headBin * binWidth * (100 - margin)) / 100 - ahead)
    out.keepAliveMs = ((tailBin + 1) * binWidth * (100 + margin)) / 100 - out.prewarmMs
  }

  save(app: number): unknown {
    return this.histories[app]?.days.map(({ day, counts }) => ({ day, counts: counts.save() }))
  }

  load(app: number, state: unknown): void {
    const history: History = { days: [], weights: new Float64Array(this.bins + 1) }
    for (const { day, counts } of state as Saved) {
      this.turnTo(history, day)
      history.days.at(-1)!.counts.load(counts)
      for (const [bin, count] of counts) history.weights[bin]! += count
    }
    this.histories[app] = history
  }
}

/** What Azure says that it runs: histograms by day, the recent ones weighing more, and loads 90 s ahead of time. */
export const productionHistogram = definePolicy({
  id: 'production-histogram',
  summary:
    'The hybrid histogram as Azure runs it: a histogram per day for two weeks, recent days weigh more, loads come 90 s early.',
  paper: 'Shahrad et al., "Serverless in the Wild", USENIX ATC 2020, section 6, and what Microsoft wrote of it',
  departures: [
    'How days are weighted is not published: fading is ours.',
    'There are no forecasts: where the paper forecasts, the app has the standard keep-alive.',
  ],
  parameters,
  scope: 'app',
  needs: [],
  contradiction: wrongShape,
  create: (params, context) => new ProductionHistogram(params, context),
})
