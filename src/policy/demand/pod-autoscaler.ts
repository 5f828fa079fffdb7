import { HOUR, MINUTE, SECOND } from '../../core/units.ts'
import { defaultsOf, type ParameterTable, type ParameterValues } from '../parameters.ts'
import type { FloorAnswer, Policy, PolicyContext, Windows } from '../policy.ts'
import { RecentConcurrency } from './recent-concurrency.ts'
import { turnAfter } from './turns.ts'

/** What Knative's autoscaler is set by, with Knative's defaults. */
export const POD_AUTOSCALER = {
  target: {
    kind: 'number',
    describe: 'Executions that one instance is to take at a time; 1 where each instance takes one.',
    default: 100,
    min: 0.01,
  },
  utilisation: {
    kind: 'number',
    unit: '%',
    describe: 'So much of the target is aimed at.',
    default: 70,
    min: 1,
    max: 100,
  },
  stable: { kind: 'duration', describe: 'The stable window.', default: MINUTE, min: 6 * SECOND, max: HOUR },
  panicWindow: {
    kind: 'number',
    unit: '%',
    describe: 'The panic window, as a part of the stable one.',
    default: 10,
    min: 1,
    max: 100,
  },
  panic: {
    kind: 'number',
    describe: 'Panic begins where the panic window asks for so many times the instances that are there.',
    default: 2,
    min: 1.1,
  },
  up: { kind: 'number', describe: 'In one turn at most so many times the instances.', default: 1000, min: 1.01 },
  down: { kind: 'number', describe: 'In one turn at least one in so many of the instances.', default: 2, min: 1.01 },
  downDelay: {
    kind: 'duration',
    describe: 'The most that was wanted in this last time is held.',
    default: 0,
    min: 0,
    max: HOUR,
  },
  grace: {
    kind: 'duration',
    isWindow: true,
    describe: 'The last instance stays so long after none is wanted.',
    default: 30 * SECOND,
    min: 0,
    max: HOUR,
  },
  every: {
    kind: 'duration',
    describe: 'Time between two turns of the loop.',
    default: 2 * SECOND,
    min: 1,
    max: MINUTE,
  },
} as const satisfies ParameterTable

export type PodAutoscalerParams = ParameterValues<typeof POD_AUTOSCALER>

/** How many instances one app is to have: what Knative's autoscaler computes in a turn of its loop, and keeps between turns. */
export class KpaScale {
  private readonly params: PodAutoscalerParams
  /** When panic was last called for; -1 outside of panic. */
  panicAt = -1
  /** The most that was wanted in this panic, which is held to its end. */
  private most = 0
  /** What was wanted within the delay, least last: of the present and the past only what is still the most. */
  private readonly wanted: { readonly at: number; readonly instances: number }[] = []

  constructor(params: Partial<PodAutoscalerParams> = {}) {
    this.params = { ...defaultsOf(POD_AUTOSCALER), ...params }
  }

  /** `stable` and `panic` are the mean concurrency in both windows, `ready` the instances that are there. */
  wantedAt(now: number, stable: number, panic: number, ready: number): number {
    const { target, utilisation, up, down, panic: threshold, stable: stableMs } = this.params
    const there = Math.max(1, ready)
    const each = (target * utilisation) / 100
    const within = (wanted: number): number =>
      Math.min(Math.max(wanted, Math.floor(there / down)), Math.ceil(there * up))
    const [byStable, byPanic] = [Math.ceil(stable / each), Math.ceil(panic / each)]
    if (byPanic / there >= threshold) this.panicAt = now
    else if (this.panicAt >= 0 && now > this.panicAt + stableMs) {
      this.panicAt = -1
      this.most = 0
    }
    let instances = within(byStable)
    if (this.panicAt >= 0) {
      this.most = Math.max(this.most, instances, within(byPanic))
      instances = this.most
    }
    return this.delayed(now, instances)
  }

  /** When the delay lets go of the most that was wanted; undefined: nothing more is held than is wanted now. */
  get heldUntil(): number | undefined {
    const { wanted } = this
    return wanted.length < 2 ? undefined : wanted[0]!.at + this.params.downDelay
  }

  private delayed(now: number, instances: number): number {
    const { wanted } = this
    const { downDelay } = this.params
    if (downDelay === 0) return instances
    while (wanted.length > 0 && wanted[0]!.at <= now - downDelay) wanted.shift()
    while (wanted.length > 0 && wanted.at(-1)!.instances <= instances) wanted.pop()
    wanted.push({ at: now, instances })
    return wanted[0]!.instances
  }
}

/** One app in the loop. */
interface Scaled {
  readonly params: PodAutoscalerParams
  readonly concurrency: RecentConcurrency
  readonly scale: KpaScale
  /** Instances that the last turn holds. */
  held: number
  /** Instances that were in use when their number last rose. */
  inUse: number
  /** Since when none is wanted; -1 while some are. */
  zeroSince: number
}

/** Knative's loop over all apps, each by parameters of its own. */
export class PodAutoscaler implements Policy {
  private readonly paramsOf: (app: number) => PodAutoscalerParams
  private readonly askAgain: PolicyContext['askAgain']
  private readonly scaled: (Scaled | undefined)[]

  constructor(
    paramsOf: (app: number) => PodAutoscalerParams,
    { apps, askAgain }: Pick<PolicyContext, 'apps' | 'askAgain'>,
  ) {
    this.paramsOf = paramsOf
    this.askAgain = askAgain
    this.scaled = Array.from({ length: apps })
  }

  private of(app: number): Scaled {
    const found = this.scaled[app]
    if (found !== undefined) return found
    const params = this.paramsOf(app)
    const concurrency = new RecentConcurrency(Math.ceil(params.stable / SECOND) + 1, SECOND)
    return (this.scaled[app] = { params, concurrency, scale: new KpaScale(params), held: 0, inUse: 0, zeroSince: -1 })
  }

  arrived(app: number, now: number): void {
    const scaled = this.of(app)
    scaled.concurrency.began(now)
    // Traffic of an app that has nothing wakes the loop at once; of others it is seen in the next turn.
    this.askAgain?.(app, scaled.held === 0 ? now : turnAfter(now, scaled.params.every))
  }

  finished(app: number, now: number): void {
    this.of(app).concurrency.ended(now)
  }

  rose(app: number, _now: number, inUse: number): void {
    this.of(app).inUse = inUse
  }

  floor(app: number, now: number, out: FloorAnswer): void {
    const scaled = this.scaled[app]
    if (scaled === undefined) {
      out.instances = 0
      out.untilMs = this.askAgain === undefined ? turnAfter(now, this.paramsOf(app).every) : Number.POSITIVE_INFINITY
      return
    }
    out.instances = this.turn(scaled, now)
    out.untilMs = this.nextTurn(scaled, now)
  }

  private turn(scaled: Scaled, now: number): number {
    const { concurrency, scale } = scaled
    const { stable, panicWindow, grace } = scaled.params
    const seconds = Math.ceil(stable / SECOND)
    const panicSeconds = Math.max(1, Math.ceil((stable * panicWindow) / 100 / SECOND))
    const ready = Math.max(scaled.held, Math.min(scaled.inUse, concurrency.running))
    const wanted = scale.wantedAt(now, concurrency.mean(now, seconds), concurrency.mean(now, panicSeconds), ready)
    if (wanted > 0) scaled.zeroSince = -1
    else if (scaled.zeroSince < 0) scaled.zeroSince = now
    const isInGrace = scaled.held > 0 && wanted === 0 && now < scaled.zeroSince + grace
    scaled.held = isInGrace ? 1 : wanted
    return scaled.held
  }

  /** When the loop is to look again: turns that could only repeat the answer are left out. */
  private nextTurn({ params, concurrency, scale, held, zeroSince }: Scaled, now: number): number {
    const next = turnAfter(now, params.every)
    if (this.askAgain === undefined) return next
    if (concurrency.running > 0 || held > 1 || scale.panicAt >= 0) return next
    if (held === 0) return Number.POSITIVE_INFINITY
    if (zeroSince >= 0) return Math.max(next, turnAfter(zeroSince + params.grace - 1, params.every))
    const emptyFrom = (Math.floor(concurrency.changedAt / SECOND) + Math.ceil(params.stable / SECOND)) * SECOND
    if (params.downDelay === 0) return Math.max(next, turnAfter(emptyFrom - 1, params.every))
    // The delay counts from the last turn that wanted any, so none of those may be left out.
    return Math.max(next, turnAfter((scale.heldUntil ?? 0) - 1, params.every))
  }

  /** What the loop does not hold goes within one turn of it. */
  decide(app: number, _now: number, out: Windows): void {
    out.prewarmMs = 0
    out.keepAliveMs = this.of(app).params.every
  }
}
