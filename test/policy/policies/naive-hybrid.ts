import { forecastNext } from '../../../src/policy/forecast/arima.ts'
import { defaultsOf } from '../../../src/policy/parameters.ts'
import { hybridHistogram } from '../../../src/policy/policies/hybrid-histogram.ts'
import type { Policy } from '../../../src/policy/policy.ts'

const defaults = defaultsOf(hybridHistogram.parameters)

/**
 * The hybrid histogram policy as interface.md pins it, written down naively: the whole history of idle times is kept and
 * everything is computed anew at each decision. The oracle of the incremental one.
 */
export function naiveHybrid(params: typeof defaults = defaults): Policy {
  const history = new Map<number, number[]>()
  const of = (app: number): number[] => history.get(app) ?? history.set(app, []).get(app)!
  return {
    arrived(app, _now, idleMs) {
      if (idleMs >= 0) of(app).push(idleMs)
    },
    decide(app, _now, out) {
      const [load, unload] = windowOf(of(app), params)
      out.prewarmMs = load
      out.keepAliveMs = unload - load
    },
  }
}

/** When to load and unload, from the idle moment. */
function windowOf(its: readonly number[], params: typeof defaults): readonly [load: number, unload: number] {
  const { range, binWidth, head, tail, margin, cv, oob, minIts, arima, arimaMargin } = params
  const standard = [0, range] as const
  const within = its.filter((it) => it < range)
  const beyond = its.length - within.length
  if (its.length < minIts) return standard
  if (beyond > oob * its.length) {
    if (!arima || its.length < 4) return standard
    const f = forecastNext(its).next
    return f > 0 && Number.isFinite(f) ? [(f * (100 - arimaMargin)) / 100, (f * (100 + arimaMargin)) / 100] : standard
  }
  const bins = Array.from({ length: Math.ceil(range / binWidth) }, () => 0)
  for (const it of within) bins[Math.floor(it / binWidth)]! += 1
  if (within.length === 0 || !variesAtLeast(bins, cv)) return standard
  const cumulative = bins.map((_, bin) => bins.slice(0, bin + 1).reduce((sum, count) => sum + count, 0))
  const headBin = cumulative.findIndex((cum) => 100 * cum >= head * within.length && cum > 0)
  const tailBin = cumulative.findIndex((cum) => 100 * cum >= tail * within.length && cum > 0)
  return [(headBin * binWidth * (100 - margin)) / 100, ((tailBin + 1) * binWidth * (100 + margin)) / 100]
}

/** Population CV of the counts against the threshold, both squared so that whole numbers compare exactly. */
function variesAtLeast(bins: readonly number[], cv: number): boolean {
  const total = bins.reduce((sum, count) => sum + count, 0)
  const squaredDeviations = bins.reduce((sum, count) => sum + (bins.length * count - total) ** 2, 0)
  return squaredDeviations >= cv ** 2 * bins.length * total ** 2
}
