import { HOUR, MINUTE } from '../../core/units.ts'
import { wrongShape } from '../forecast/histogram-shape.ts'
import type { ParameterValues } from '../parameters.ts'
import { definePolicy, type Policy, type PolicyContext, type Windows } from '../policy.ts'
import { ClockExperts, lagsOf, type SavedExperts } from './break-even/clock-experts.ts'
import { Further, paretoHazard, type SavedFurther } from './break-even/further.ts'
import { GapMemory } from './break-even/gap-memory.ts'
import { Law } from './break-even/law.ts'
import { Prior } from './break-even/prior.ts'
import { type WindowChoice, leadOf, type Price, search, searchEarliest } from './break-even/window-search.ts'

/** A window loads at most this much before its first bin. */
const LONGEST_LEAD = MINUTE
/** One histogram serves all apps. */
const MOST_BINS = 1_000_000

const parameters = {
  worth: {
    kind: 'duration',
    describe: 'The dial: a cold start is worth keeping an app of average memory idle for so long.',
    default: 60 * MINUTE,
    min: 1,
  },
  history: {
    kind: 'number',
    describe: 'Idle times of each app that are remembered.',
    default: 256,
    min: 1,
    max: 65_535,
    whole: true,
  },
  binWidth: { kind: 'duration', describe: 'Width of a bin.', default: MINUTE, min: 1 },
  range: { kind: 'duration', describe: 'No window reaches further than this.', default: 48 * HOUR, min: 1 },
  unseen: {
    kind: 'number',
    describe: 'Weight of the prior, in idle times.',
    default: 1,
    min: 0.001,
  },
  discount: {
    kind: 'number',
    describe: 'Taken from the weight of each distinct bin of the history and given to the prior.',
    default: 0.2,
    min: 0,
    max: 1,
  },
  likeness: {
    kind: 'number',
    describe: 'An old idle time weighs so many times more for each one before it that is as the latest ones.',
    default: 4,
    min: 1,
    max: 1000,
  },
  depth: {
    kind: 'number',
    describe: 'So many idle times before an old one are compared with the latest.',
    default: 2,
    min: 0,
    max: 8,
    whole: true,
  },
  priorScale: { kind: 'duration', describe: "Scale of the prior's Pareto law.", default: 5 * MINUTE, min: 1 },
  priorExponent: {
    kind: 'number',
    describe: "Exponent of the prior's Pareto law.",
    default: 0.7,
    min: 0.01,
    max: 10,
  },
  round: {
    kind: 'number',
    unit: '%',
    describe: "Part of the prior's mass on round times, as timers have.",
    default: 30,
    min: 0,
    max: 100,
  },
  loadCost: {
    kind: 'duration',
    describe: 'What a load ahead of time costs, in idle time of the app.',
    default: 0,
    min: 0,
  },
  price: {
    kind: 'choice',
    describe: "Whose idle memory costs what: each app's by its MB (memory), or that of all apps the same (app).",
    default: 'memory',
    options: ['memory', 'app'],
  },
  clock: {
    kind: 'switch',
    describe: 'Learn from the time of day and from what the app did a day, an hour, half an hour and ten minutes ago.',
    default: true,
  },
  nearness: {
    kind: 'number',
    describe: 'With the clock, an old idle time that began near this time of day weighs so many times more.',
    default: 4,
    min: 1,
    max: 1000,
  },
  nearWithin: {
    kind: 'duration',
    describe: 'How near it must have begun to this time of day.',
    default: 60 * MINUTE,
    min: 0,
    max: 12 * HOUR,
  },
  windows: {
    kind: 'choice',
    describe:
      'Each idle time has the one window that saves most (one), or one after the other every window that saves anything (several).',
    default: 'one',
    options: ['one', 'several'],
  },
  further: {
    kind: 'switch',
    describe: 'Give instances that become idle while others work a window of their own.',
    default: true,
  },
} as const

type Params = ParameterValues<typeof parameters>

/** What is known of one app. */
interface Knowledge {
  readonly gaps: GapMemory
  readonly experts: ClockExperts | null
}

/** What {@link BreakEven.save} gives. */
interface Saved {
  readonly gaps: [bin: number, beganMinute: number][]
  readonly experts: SavedExperts | null
  readonly further: SavedFurther | null
}

class BreakEven implements Policy {
  readonly rose?: (app: number, now: number, inUse: number) => void
  readonly keepIdleMs?: (app: number, now: number, inUse: number) => number
  readonly finished?: (app: number) => void
  private readonly params: Params
  /** Where idle times have several windows: sees to the next one. */
  private readonly askAgain: PolicyContext['askAgain']
  /** Since when each app is idle, where it was asked of it before; -1 where not. */
  private readonly idleSince: Float64Array
  private readonly known: (Knowledge | undefined)[]
  private readonly furthers: (Further | undefined)[]
  /** Memory of each app over the mean; all 1 where every app's costs the same. */
  private readonly size: Float64Array
  private readonly law: Law
  private readonly lags: readonly number[]
  private readonly price: Price
  private readonly choice: WindowChoice = { first: -1, last: -1, saving: 0 }

  constructor(params: Params, context: PolicyContext) {
    const { apps, memoryMb } = context
    const { binWidth, clock, nearness, nearWithin } = params
    this.params = params
    this.askAgain = params.windows === 'several' ? context.askAgain : undefined
    this.idleSince = new Float64Array(apps).fill(-1)
    if (this.askAgain !== undefined) this.finished = (app) => void (this.idleSince[app] = -1)
    this.known = Array.from({ length: apps })
    this.furthers = Array.from({ length: apps })
    const mean = memoryMb.reduce((sum, mb) => sum + mb, 0) / apps
    this.size = params.price === 'memory' && mean > 0 ? memoryMb.map((mb) => mb / mean) : new Float64Array(apps).fill(1)
    this.law = new Law(new Prior({ ...params, round: params.round / 100 }), {
      ...params,
      likeness: Float64Array.from({ length: params.depth + 1 }, (_, like) => params.likeness ** like),
      nearness: clock ? nearness : 1,
      nearWithin: nearWithin / MINUTE,
    })
    this.lags = clock ? lagsOf(binWidth) : []
    this.price = { perBin: 0, loadBins: params.loadCost / binWidth, leadBins: LONGEST_LEAD / binWidth }
    if (!params.further) return
    const hazard = paretoHazard(params.priorScale, params.priorExponent)
    this.rose = (app, now, inUse) => {
      if (inUse > 1) this.furthers[app]?.rose(now, inUse)
    }
    this.keepIdleMs = (app, now, inUse) => {
      const further = (this.furthers[app] ??= new Further())
      further.fell(now, inUse)
      return further.worthKeepingMs((MINUTE / params.worth) * this.size[app]!, hazard)
    }
  }

  arrived(app: number, now: number, idleMs: number): void {
    const { binWidth } = this.params
    this.idleSince[app] = -1
    const { gaps, experts } = this.known[app] ?? this.begin(app)
    const bin = idleMs < 0 ? -1 : Math.min(Math.floor(idleMs / binWidth), this.law.prior.bins)
    experts?.arrived(Math.floor(now / binWidth), bin)
    if (bin >= 0) gaps.learn(bin, Math.floor((now - idleMs) / MINUTE))
  }

  decide(app: number, asked: number, out: Windows): void {
    const { binWidth, worth } = this.params
    // Asked again, it is about the idle time that has lasted so long, and what was known at its beginning.
    const isAgain = this.askAgain !== undefined && this.idleSince[app]! >= 0
    const now = isAgain ? this.idleSince[app]! : asked
    this.idleSince[app] = now
    const { law, choice, price } = this
    const known = this.known[app]
    law.begin(known?.gaps, Math.floor(now / MINUTE))
    known?.experts?.ask(law, Math.floor(now / binWidth))
    price.perBin = (binWidth / worth) * this.size[app]!
    if (this.askAgain === undefined) search(law, price, choice)
    else searchEarliest(law, price, choice, Math.floor((asked - now) / binWidth))
    law.end()
    if (choice.first < 0) {
      out.prewarmMs = Number.POSITIVE_INFINITY
      out.keepAliveMs = 0
      return
    }
    const load = (choice.first - leadOf(choice.first, price)) * binWidth
    const unload = (choice.last + 1) * binWidth
    out.prewarmMs = Math.max(0, load - (asked - now))
    out.keepAliveMs = unload - (asked - now) - out.prewarmMs
    if (this.askAgain !== undefined && choice.last + 1 < law.prior.bins) this.askAgain(app, now + unload)
  }

  private begin(app: number): Knowledge {
    const experts = this.lags.length === 0 ? null : new ClockExperts(this.lags)
    const known = { gaps: new GapMemory(this.params.history, this.law.prior.roundBins), experts }
    this.known[app] = known
    return known
  }

  save(app: number): unknown {
    const known = this.known[app]
    const further = this.furthers[app]?.save() ?? null
    if (known === undefined) return further === null ? undefined : { gaps: [], experts: null, further }
    return { gaps: known.gaps.save(), experts: known.experts?.save() ?? null, further } satisfies Saved
  }

  load(app: number, state: unknown): void {
    const { gaps, experts, further } = state as Saved
    const known = this.begin(app)
    for (const [bin, beganMinute] of gaps) known.gaps.learn(bin, beganMinute)
    if (experts !== null) known.experts?.load(experts)
    this.furthers[app] = undefined
    if (further === null) return
    this.furthers[app] = new Further()
    this.furthers[app].load(further)
  }
}

/** Idle memory has one price for the whole fleet, and each idle time gets the one window that saves most at that price. */
export const breakEven = definePolicy({
  id: 'break-even',
  summary:
    'Gives each idle time the one window whose expected saving of cold starts, less the price of its idle memory, is greatest.',
  paper: "pilotlight's own; docs/policies.md explains it",
  parameters,
  scope: 'app',
  needs: [],
  contradiction: (params) => wrongShape(params, MOST_BINS),
  create: (params, context) => new BreakEven(params, context),
})
