import { MINUTE } from '../../core/units.ts'
import type { ParameterValues } from '../parameters.ts'
import { definePolicy, type Policy, type PolicyContext, type Windows } from '../policy.ts'

const parameters = {
  percentile: {
    kind: 'number',
    unit: '%',
    describe: 'Of the latest times from arrival to arrival, by nearest rank.',
    default: 95,
    min: 0,
    max: 100,
  },
  recent: {
    kind: 'number',
    describe: 'So many of the latest times are looked at.',
    default: 100,
    min: 1,
    max: 100_000,
    whole: true,
  },
  enough: { kind: 'number', describe: 'With fewer, the default time is kept.', default: 30, min: 1, whole: true },
  otherwise: { kind: 'duration', isWindow: true, describe: 'The default time.', default: 10 * MINUTE, min: 0 },
} as const

type Params = ParameterValues<typeof parameters>

/** The latest times from arrival to arrival of one app, as they came and in order. */
interface Recent {
  readonly ring: number[]
  readonly sorted: number[]
  next: number
}

class P95Recent implements Policy {
  private readonly params: Params
  private readonly recent: (Recent | undefined)[]
  private readonly lastAt: Float64Array

  constructor(params: Params, { apps }: PolicyContext) {
    this.params = params
    this.recent = Array.from({ length: apps })
    this.lastAt = new Float64Array(apps).fill(-1)
  }

  arrived(app: number, now: number): void {
    const before = this.lastAt[app]!
    this.lastAt[app] = now
    if (before >= 0) this.learn((this.recent[app] ??= { ring: [], sorted: [], next: 0 }), now - before)
  }

  private learn(recent: Recent, gap: number): void {
    const { ring, sorted } = recent
    if (ring.length === this.params.recent) sorted.splice(placeOf(sorted, ring[recent.next]!), 1)
    sorted.splice(placeOf(sorted, gap), 0, gap)
    ring[recent.next] = gap
    recent.next = (recent.next + 1) % this.params.recent
  }

  decide(app: number, _now: number, out: Windows): void {
    const { percentile, enough, otherwise } = this.params
    const sorted = this.recent[app]?.sorted
    out.prewarmMs = 0
    if (sorted === undefined || sorted.length < enough) out.keepAliveMs = otherwise
    else out.keepAliveMs = sorted[Math.max(0, Math.ceil((percentile * sorted.length) / 100) - 1)]!
  }

  save(app: number): unknown {
    const recent = this.recent[app]
    if (this.lastAt[app]! < 0) return undefined
    return { lastAt: this.lastAt[app], ring: recent?.ring ?? [], next: recent?.next ?? 0 }
  }

  load(app: number, state: unknown): void {
    const { lastAt, ring, next } = state as { lastAt: number; ring: number[]; next: number }
    this.lastAt[app] = lastAt
    this.recent[app] = { ring: [...ring], sorted: ring.toSorted((one, other) => one - other), next }
  }
}

/** The first place in the sorted values at which the value stands or belongs. */
function placeOf(sorted: readonly number[], value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! >= value) high = middle
    else low = middle + 1
  }
  return low
}

/** The window that would have caught 95 of 100 recent arrivals. */
export const p95Recent = definePolicy({
  id: 'p95-recent',
  summary: 'Keeps an app for the 95th percentile of its latest times from arrival to arrival.',
  paper: 'Li et al., "Help rather than recycle: Pagurus", USENIX ATC 2022, as the baselines of RainbowCake have it',
  departures: ['A container is not lent to other apps.', 'How many of the latest times are looked at is ours.'],
  parameters,
  scope: 'app',
  needs: [],
  create: (params, context) => new P95Recent(params, context),
})
