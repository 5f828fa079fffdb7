import { HOUR, MINUTE } from '../../core/units.ts'
import { longerThan, type ParameterValues } from '../parameters.ts'
import { definePolicy, type Policy, type PolicyContext, type Windows } from '../policy.ts'
import { relativeSize } from '../rent/relative-size.ts'

const parameters = {
  worth: {
    kind: 'duration',
    describe: 'A cold start costs as much as holding an app of average memory for so long.',
    default: 10 * MINUTE,
    min: 1,
  },
  finest: {
    kind: 'duration',
    describe:
      'Width of the first two stretches of age within which the hazard is taken as even; each later two are twice as wide.',
    default: MINUTE,
    min: 1,
  },
  longest: { kind: 'duration', describe: 'Age up to which idle times are told apart.', default: 24 * HOUR, min: 1 },
  preload: {
    kind: 'switch',
    describe: 'Where the hazard is too low at first, load when it has become high enough.',
    default: false,
  },
} as const

type Params = ParameterValues<typeof parameters>

class Hazard implements Policy {
  private readonly params: Params
  /** Where each stretch of age begins, in ms, and at last where the last one ends. */
  private readonly edges: Float64Array
  private readonly size: Float64Array
  /** Per app: how many idle times ended in each stretch, and for how long idle times lay in it. */
  private readonly learnt: ({ readonly ended: Float64Array; readonly exposedMs: Float64Array } | undefined)[]

  constructor(params: Params, { apps, memoryMb }: PolicyContext) {
    this.params = params
    const edges = [0]
    for (let width = params.finest; edges.at(-1)! < params.longest; width *= 2) {
      const from = edges.at(-1)!
      edges.push(Math.min(from + width, params.longest), Math.min(from + 2 * width, params.longest))
    }
    this.edges = Float64Array.from(new Set(edges))
    this.size = relativeSize(memoryMb)
    this.learnt = Array.from({ length: apps })
  }

  arrived(app: number, _now: number, idleMs: number): void {
    if (idleMs < 0) return
    const { edges } = this
    const stretches = edges.length - 1
    const { ended, exposedMs } = (this.learnt[app] ??= {
      ended: new Float64Array(stretches),
      exposedMs: new Float64Array(stretches),
    })
    for (let at = 0; at < stretches; at += 1) {
      // An idle time that ends on an edge ends in the stretch before it, as one that is kept until there is warm.
      if (idleMs > edges[at + 1]!) exposedMs[at]! += edges[at + 1]! - edges[at]!
      else {
        exposedMs[at]! += idleMs - edges[at]!
        ended[at]! += 1
        return
      }
    }
  }

  decide(app: number, _now: number, out: Windows): void {
    const { worth, preload } = this.params
    const stretches = this.edges.length - 1
    out.prewarmMs = 0
    out.keepAliveMs = worth / this.size[app]!
    if (this.learnt[app] === undefined) return
    let from = 0
    if (preload) while (from < stretches && !this.isWorthIt(app, from)) from += 1
    let to = from
    while (to < stretches && this.isWorthIt(app, to)) to += 1
    if (to === from) out.prewarmMs = preload ? Number.POSITIVE_INFINITY : 0
    else out.prewarmMs = this.edges[from]!
    out.keepAliveMs = to === from ? 0 : this.edges[to]! - this.edges[from]!
  }

  /** Whether hazard x cold cost >= rent in a stretch; where no idle time has been, there is nothing to wait for. */
  private isWorthIt(app: number, stretch: number): boolean {
    const { ended, exposedMs } = this.learnt[app]!
    const endings = ended[stretch]!
    return endings > 0 && endings * this.params.worth >= this.size[app]! * exposedMs[stretch]!
  }

  save(app: number): unknown {
    const learnt = this.learnt[app]
    return learnt === undefined ? undefined : { ended: [...learnt.ended], exposedMs: [...learnt.exposedMs] }
  }

  load(app: number, state: unknown): void {
    const { ended, exposedMs } = state as { ended: number[]; exposedMs: number[] }
    this.learnt[app] = { ended: Float64Array.from(ended), exposedMs: Float64Array.from(exposedMs) }
  }
}

/** Resident exactly while waiting a moment more is worth its rent: the stochastic optimum where the hazard only falls. */
export const hazard = definePolicy({
  id: 'hazard',
  summary:
    'Keeps an app while the chance of an arrival in the next moment, times the cost of a cold start, is worth the rent.',
  paper: 'After Narayana and Kash, "Keep-alive caching for the Hawkes process", UAI 2023',
  departures: [
    "The hazard is that of the app's own idle times so far, and constant within stretches of age that double.",
    'Before the first idle time it is a ski rental.',
  ],
  parameters,
  scope: 'app',
  needs: [],
  contradiction: (params) => longerThan(params, 'finest', 'longest'),
  create: (params, context) => new Hazard(params, context),
})
