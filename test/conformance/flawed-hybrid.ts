import { forecastNext } from '../../src/policy/forecast/arima.ts'
import type { Policy } from '../../src/policy/policy.ts'

/** Known misreadings of the hybrid histogram policy in public code; each must fail a vector. */
export const HYBRID_FLAWS = {
  arrivalToArrival: 'times from arrival to arrival in place of idle times (FaasCache, RainbowCake)',
  cvInverted: 'the histogram is trusted where it varies little (FaasCache, OpenDC)',
  cvOfTimes: 'the variation is that of the idle times, not of the bin counts (DSLab aside, most)',
  shortFallback: 'the fallback keeps for ten minutes, not for the range',
  fallbackPrewarms: 'the fallback still pre-warms at the head (OpenDC)',
  tailFromLoad: 'the keep-alive counts from the load without taking off the pre-warming window (DSLab, FaasCache)',
  outOfBoundsInBase: 'percentiles are taken over all idle times, those out of bounds included',
  headRoundedUp: 'the head is rounded up to the upper edge of its bin',
  tailRoundedDown: 'the tail is rounded down to the lower edge of its bin',
  noMargin: 'there is no margin',
  noForecast: 'apps that are mostly out of bounds get the fallback (most)',
  forecastOneSided: 'the window round a forecast begins at the forecast',
  rangeInBounds: 'an idle time of exactly the range is in bounds',
  perFunction: 'each function has a histogram of its own',
  halfIsEnough: 'half of the idle times out of bounds are the majority already',
} as const
export type HybridFlaw = keyof typeof HYBRID_FLAWS

const MINUTE = 60_000
const RANGE = 240

/** The hybrid histogram at its defaults from the whole history, for one app; with a flaw where one is named. */
export function hybrid(flaw?: HybridFlaw): Policy {
  const gaps = new Map<number, number[]>()
  let lastArrival = -1
  let lastFn = 0
  return {
    arrived(_app, now, idleMs, fn) {
      const gap = flaw === 'arrivalToArrival' && lastArrival >= 0 ? now - lastArrival : idleMs
      lastArrival = now
      lastFn = flaw === 'perFunction' ? fn : 0
      if (gap >= 0) gaps.set(lastFn, [...(gaps.get(lastFn) ?? []), gap])
    },
    decide(_app, _now, out) {
      const [load, unload] = windowOf(gaps.get(lastFn) ?? [], flaw)
      out.prewarmMs = load * MINUTE
      out.keepAliveMs = (unload - load) * MINUTE
    },
  }
}

/** Load and unload in minutes. */
function windowOf(gaps: readonly number[], flaw: HybridFlaw | undefined): readonly [number, number] {
  const isWithin = (gap: number): boolean => (flaw === 'rangeInBounds' ? gap <= RANGE * MINUTE : gap < RANGE * MINUTE)
  const bins = gaps.filter(isWithin).map((gap) => Math.min(RANGE - 1, Math.floor(gap / MINUTE)))
  const beyond = gaps.length - bins.length
  const fallback = flaw === 'shortFallback' ? 10 : RANGE
  const isOut = flaw === 'halfIsEnough' ? beyond >= 0.5 * gaps.length && beyond > 0 : beyond > 0.5 * gaps.length
  if (isOut) {
    if (gaps.length < 4 || flaw === 'noForecast') return [0, fallback]
    const next = forecastNext([...gaps]).next / MINUTE
    if (!(next > 0 && Number.isFinite(next))) return [0, fallback]
    return flaw === 'forecastOneSided' ? [next, 1.15 * next] : [0.85 * next, 1.15 * next]
  }
  if (bins.length === 0) return [0, fallback]
  const inOrder = bins.toSorted((one, other) => one - other)
  const base = flaw === 'outOfBoundsInBase' ? gaps.length : bins.length
  const rank = (percent: number): number =>
    inOrder[Math.min(inOrder.length, Math.max(1, Math.ceil((percent * base) / 100))) - 1]!
  const head = rank(5) + (flaw === 'headRoundedUp' ? 1 : 0)
  const tail = rank(99) + (flaw === 'tailRoundedDown' ? 0 : 1)
  const margin = flaw === 'noMargin' ? 0 : 0.1
  const load = head * (1 - margin)
  const counts = Array.from({ length: RANGE }, (_, bin) => bins.filter((each) => each === bin).length)
  const values = flaw === 'cvOfTimes' ? gaps.filter(isWithin) : counts
  const isTrusted = flaw === 'cvInverted' ? !variesAtLeastTwice(values) : variesAtLeastTwice(values)
  if (!isTrusted) return flaw === 'fallbackPrewarms' ? [load, load + fallback] : [0, fallback]
  return [load, flaw === 'tailFromLoad' ? load + tail * (1 + margin) : tail * (1 + margin)]
}

/** Whether the standard deviation is at least twice the mean, as squares: n x sum of squares >= 5 x sum^2. */
function variesAtLeastTwice(values: readonly number[]): boolean {
  const sum = values.reduce((total, value) => total + value, 0)
  const squares = values.reduce((total, value) => total + value * value, 0)
  return values.length * squares >= 5 * sum * sum
}
