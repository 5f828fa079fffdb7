import type { Policy } from '../../../src/policy/policy.ts'

export interface PlainOptions {
  readonly worthMinutes: number
  readonly clock: boolean
  readonly history: number
  readonly bins: number
  readonly loadBins: number
  readonly depth: number
}

/** What the plain policy thinks of its last decision: of any window, and of the best one. */
export interface Judged extends Policy {
  savingOf(firstBin: number, lastBin: number): number
  best(): number
}

const ROUND = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60, 120, 180, 240, 360]
const MINUTE = 60_000
const LAGS = [1440, 60, 30, 10]

const survival = (k: number): number => (1 + k / 5) ** -0.7

interface App {
  readonly gaps: { bin: number; began: number }[]
  readonly arrivals: number[]
  readonly cells: Map<string, { tried: number; right: number }>
  asked: { key: string; bin: number }[]
}

/**
 * Break-even for one app of average memory in bins of a minute, written down from its description: the law as an array of
 * all bins, the whole past of arrivals, all pairs of bins in one scan. The oracle of the fast one, with which it shares no
 * code.
 */
export function plainBreakEven({ worthMinutes, clock, history, bins, loadBins, depth }: PlainOptions): Judged {
  const app: App = { gaps: [], arrivals: [], cells: new Map(), asked: [] }
  const q = 1 / worthMinutes
  const prior = Array.from({ length: bins + 1 }, (_, k) => 0.7 * (survival(k) - (k < bins ? survival(k + 1) : 0)))
  for (const minutes of ROUND) prior[Math.min(minutes, bins)]! += 0.3 / 16
  let law: number[] = prior

  const likeness = (i: number): number => {
    let m = 0
    while (m < depth && i - 1 - m >= 0 && app.gaps[i - 1 - m]!.bin === app.gaps[app.gaps.length - 1 - m]!.bin) m += 1
    return m
  }
  const lawAt = (now: number): number[] => {
    const c = prior.map(() => 0)
    app.gaps.forEach(({ bin, began }, i) => {
      const ofDay = Math.abs((((now - began) % 1440) + 1440) % 1440)
      const isNear = clock && now - began >= 720 && Math.min(ofDay, 1440 - ofDay) <= 60
      c[bin]! += 4 ** likeness(i) * (isNear ? 4 : 1)
    })
    const total = c.reduce((sum, weight) => sum + weight, 0)
    const spare = 1 + c.reduce((sum, weight) => sum + Math.min(0.2, weight), 0)
    return c.map((weight, k) => (Math.max(0, weight - 0.2) + spare * prior[k]!) / (total + 1))
  }
  const ask = (now: number): void => {
    app.asked = []
    const spare = (): number => {
      const c = new Set(app.gaps.map(({ bin }) => bin))
      const free = law.findIndex((_, k) => !c.has(k) && !fixed.has(k))
      return law[free]! / prior[free]!
    }
    const fixed = new Set<number>()
    const isSet = (bin: number): boolean => app.arrivals.includes(bin)
    const past = (bin: number): string => Array.from({ length: 32 }, (_, back) => Number(isSet(bin - back))).join('')
    for (const lag of LAGS) {
      const then = now - lag
      if (then < app.arrivals[0]!) continue
      const next = Math.min(...app.arrivals.filter((bin) => bin > then))
      if (!Number.isFinite(next) || next - then >= bins) continue
      const g = next - then
      const m = law[g]!
      const bucket = [0.02, 0.2, 0.5, 0.8, 0.95].filter((end) => m >= end).length
      const key = `${lag} ${past(then) === past(now)} ${bucket}`
      const { tried, right } = app.cells.get(key) ?? { tried: 0, right: 0 }
      app.asked.push({ key, bin: g })
      const p = Math.min(0.9995, (right + 10 * m) / (tried + 10))
      const scale = (1 - p) / (1 - m)
      if (prior[g]! * spare() * scale > p) continue
      law = law.map((mass, k) => (k === g ? p : mass * scale))
      fixed.add(g)
    }
  }
  const lead = (a: number): number => (a === 0 ? 0 : Math.min(0.1 * a, 1) + loadBins)
  const scan = (): { first: number; last: number; saving: number } => {
    let best = { first: -1, last: -1, saving: 0 }
    let alive = 1
    let held = 0
    let least = Number.POSITIVE_INFINITY
    let start = -1
    for (let k = 0; k < bins; k += 1) {
      const cost = 1 - alive - q * (held - lead(k) * alive)
      if (cost < least) {
        least = cost
        start = k
      }
      alive -= law[k]!
      held += alive
      const saving = 1 - alive - q * held - least
      if (saving > best.saving) best = { first: start, last: k, saving }
    }
    return best
  }

  return {
    arrived(_app, now, idleMs) {
      const bin = Math.floor(now / MINUTE)
      if (!app.arrivals.includes(bin)) app.arrivals.push(bin)
      if (idleMs < 0) return
      const idle = Math.min(Math.floor(idleMs / MINUTE), bins)
      for (const { key, bin: asked } of app.asked) {
        const cell = app.cells.get(key) ?? { tried: 0, right: 0 }
        cell.tried += 1
        if (asked === idle) cell.right += 1
        app.cells.set(key, cell)
      }
      app.asked = []
      app.gaps.push({ bin: idle, began: Math.floor((now - idleMs) / MINUTE) })
      if (app.gaps.length > history) app.gaps.shift()
    },
    decide(_app, now, out) {
      const minute = Math.floor(now / MINUTE)
      law = app.gaps.length === 0 ? prior : lawAt(minute)
      if (clock) ask(minute)
      const { first, last } = scan()
      out.prewarmMs = first < 0 ? Number.POSITIVE_INFINITY : (first - Math.min(0.1 * first, 1)) * MINUTE
      out.keepAliveMs = first < 0 ? 0 : (last + 1) * MINUTE - out.prewarmMs
    },
    best: () => scan().saving,
    savingOf(first, last) {
      if (first < 0) return 0
      let saving = 0
      // Every idle time that may come, one by one: whether the window saves its cold start, and how long it is held.
      law.forEach((mass, gap) => {
        if (gap < first) return
        saving += mass * (gap <= last ? 1 : 0)
        saving -= q * mass * (Math.min(gap, last + 1) - first + lead(first))
      })
      return saving
    },
  }
}
