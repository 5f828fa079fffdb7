import { MINUTE } from '../../core/units.ts'
import { longerThan, type ParameterValues } from '../parameters.ts'
import { definePolicy, type Policy, type PolicyContext, type Windows } from '../policy.ts'

const parameters = {
  service: {
    kind: 'number',
    describe: 'Weight of the service time against the carbon of keeping, 0 to 1: lambda.',
    default: 0.5,
    min: 0,
    max: 1,
  },
  longest: {
    kind: 'duration',
    isWindow: true,
    describe: 'Longest keep-alive that is considered.',
    default: 30 * MINUTE,
    min: MINUTE,
  },
  step: { kind: 'duration', describe: 'Keep-alive times are multiples of this.', default: MINUTE, min: 1 },
  recent: {
    kind: 'duration',
    describe: 'Idle times that ended in this last time are learnt from.',
    default: 20 * MINUTE,
    min: 0,
  },
  unknown: {
    kind: 'number',
    describe: 'Chance of a cold start, whatever is kept, where no idle time ended in that time.',
    default: 0.5,
    min: 0,
    max: 1,
  },
} as const

type Params = ParameterValues<typeof parameters>

/** The idle times of one app that ended of late, oldest first from `from` on. */
interface Recent {
  endedAt: number[]
  steps: number[]
  from: number
}

class EcoLife implements Policy {
  private readonly params: Params
  private readonly choices: number
  private readonly recent: (Recent | undefined)[]
  /** How many of the recent idle times are in each step: laid out for one decision. */
  private readonly counts: Uint32Array

  constructor(params: Params, { apps }: PolicyContext) {
    this.params = params
    this.choices = Math.floor(params.longest / params.step)
    this.recent = Array.from({ length: apps })
    this.counts = new Uint32Array(this.choices + 2)
  }

  arrived(app: number, now: number, idleMs: number): void {
    if (idleMs < 0) return
    const recent = (this.recent[app] ??= { endedAt: [], steps: [], from: 0 })
    recent.endedAt.push(now)
    // So many steps must be kept for the arrival to be warm.
    recent.steps.push(Math.min(Math.ceil(idleMs / this.params.step), this.choices + 1))
    this.forget(recent, now)
  }

  private forget(recent: Recent, now: number): void {
    while (recent.from < recent.endedAt.length && recent.endedAt[recent.from]! < now - this.params.recent)
      recent.from += 1
    if (recent.from < 64 || 2 * recent.from < recent.endedAt.length) return
    recent.endedAt = recent.endedAt.slice(recent.from)
    recent.steps = recent.steps.slice(recent.from)
    recent.from = 0
  }

  decide(app: number, now: number, out: Windows): void {
    const { service, step, unknown } = this.params
    const { counts, choices } = this
    const recent = this.recent[app]
    counts.fill(0)
    let known = 0
    if (recent !== undefined) {
      this.forget(recent, now)
      for (let at = recent.from; at < recent.steps.length; at += 1) counts[recent.steps[at]!]! += 1
      known = recent.steps.length - recent.from
    }
    let above = known
    let best = 0
    let least = Number.POSITIVE_INFINITY
    for (let kept = 0; kept <= choices; kept += 1) {
      above -= counts[kept]!
      const cold = known === 0 ? unknown : above / known
      const cost = ((1 - service) * kept) / choices + service * cold
      if (cost >= least) continue
      least = cost
      best = kept
    }
    out.prewarmMs = 0
    out.keepAliveMs = best * step
  }

  save(app: number): unknown {
    const recent = this.recent[app]
    if (recent === undefined) return undefined
    return { endedAt: recent.endedAt.slice(recent.from), steps: recent.steps.slice(recent.from) }
  }

  load(app: number, state: unknown): void {
    const { endedAt, steps } = state as { endedAt: number[]; steps: number[] }
    this.recent[app] = { endedAt: [...endedAt], steps: [...steps], from: 0 }
  }
}

/** Keep-alive as a choice between the carbon of keeping and the time that cold starts take. */
export const ecolife = definePolicy({
  id: 'ecolife',
  summary: 'Chooses the keep-alive time of least carbon of keeping and expected service time, each over its greatest.',
  paper: 'Jiang et al., "EcoLife: carbon-aware serverless function scheduling", SC 2024',
  departures: [
    'All times are tried; the paper uses a particle swarm.',
    'There is one generation of nodes, and carbon is the same at all times, so keeping an app is charged by its time alone.',
    'The execution itself is not part of the service time.',
  ],
  parameters,
  scope: 'app',
  needs: [],
  contradiction: (params) => longerThan(params, 'step', 'longest'),
  create: (params, context) => new EcoLife(params, context),
})
