import { DAY, MINUTE } from '../../core/units.ts'
import type { ParameterValues } from '../parameters.ts'
import { definePolicy, type Policy, type PolicyContext, type Windows } from '../policy.ts'
import { ownerIn } from '../owner.ts'
import {
  classOf,
  commonest,
  costOf,
  costOfHerald,
  foretells,
  LONGEST_LAG,
  possible,
  type NextNeed,
  PULSED,
  type ActiveRun,
  waitsOf,
} from './spes/classes.ts'

const parameters = {
  train: {
    kind: 'duration',
    describe: 'Functions are told apart by what was seen in this first time.',
    default: 12 * DAY,
    min: DAY,
  },
  judge: {
    kind: 'duration',
    describe: 'What fits no class is given the rule that would have been best in this last part of it.',
    default: 3 * DAY,
    min: MINUTE,
  },
  alpha: {
    kind: 'number',
    describe: 'Weight of cold starts against idle minutes in that choice, 0 to 1.',
    default: 0.5,
    min: 0,
    max: 1,
  },
  slack: {
    kind: 'duration',
    describe: 'So much before and after a predicted minute it is loaded.',
    default: 2 * MINUTE,
    min: 0,
  },
  otherwise: {
    kind: 'duration',
    isWindow: true,
    describe: 'Keep-alive time until then, and of a function that was not invoked before.',
    default: 10 * MINUTE,
    min: 0,
  },
} as const

type Params = ParameterValues<typeof parameters>

/** So many waits after the training shift what was predicted from it. */
const ENOUGH_WAITS = 5

class Spes implements Policy {
  private readonly params: Params
  private readonly askAgain: PolicyContext['askAgain']
  private readonly owner: readonly string[]
  private readonly runs: ActiveRun[][]
  private readonly predictions: (NextNeed | undefined)[]
  /** Runs that each function had when it was trained. */
  private readonly trainedRuns: Uint32Array
  /** Per function: those that it foretells; and until when one of its own heralds has it loaded. */
  private readonly follows: (number[] | undefined)[]
  private readonly heraldedUntil: Float64Array
  private isTrained = false

  constructor(params: Params, { apps, appNames, askAgain }: PolicyContext) {
    this.params = params
    this.askAgain = askAgain
    this.owner = Array.from({ length: apps }, (_, app) => ownerIn(appNames?.at(app) ?? ''))
    this.runs = Array.from({ length: apps }, () => [])
    this.predictions = Array.from({ length: apps })
    this.trainedRuns = new Uint32Array(apps)
    this.follows = Array.from({ length: apps })
    this.heraldedUntil = new Float64Array(apps).fill(-1)
  }

  arrived(app: number, now: number): void {
    if (!this.isTrained && now >= this.params.train) this.train()
    const minute = Math.floor(now / MINUTE)
    const runs = this.runs[app]!
    const latest = runs.at(-1)
    if (latest === undefined || minute > latest.last + 1) {
      runs.push({ first: minute, last: minute, invocations: 1 })
      this.herald(app, minute, now)
    } else {
      latest.last = Math.max(latest.last, minute)
      latest.invocations += 1
    }
  }

  finished(app: number, now: number): void {
    const latest = this.runs[app]!.at(-1)
    if (latest !== undefined) latest.last = Math.max(latest.last, Math.floor(now / MINUTE))
  }

  /** A run began: what it foretells is loaded for as long as that may follow. */
  private herald(app: number, minute: number, now: number): void {
    for (const other of this.follows[app] ?? []) {
      this.heraldedUntil[other] = (minute + LONGEST_LAG + 1) * MINUTE
      this.askAgain?.(other, now)
    }
  }

  decide(app: number, now: number, out: Windows): void {
    const prediction = this.predictions[app]
    out.prewarmMs = 0
    out.keepAliveMs = this.params.otherwise
    const latest = this.runs[app]!.at(-1)
    if (prediction === undefined || latest === undefined) return
    // The first minute without it.
    const idle = latest.last + 1
    let [from, until] = [now, Math.max((idle + prediction.giveUp) * MINUTE, this.heraldedUntil[app]!)]
    const { slack } = this.params
    let isMore = false
    for (const [least, most] of this.shifted(app, prediction)) {
      const [begin, end] = [(idle + least) * MINUTE - slack, (idle + most + 1) * MINUTE + slack]
      if (end <= now) continue
      if (begin <= Math.max(until, now)) until = Math.max(until, end)
      else if (until <= now && from === now) [from, until] = [begin, end]
      else {
        isMore = true
        break
      }
    }
    out.prewarmMs = from - now
    out.keepAliveMs = Math.max(0, until - from)
    if (isMore && until > now) this.askAgain?.(app, until)
  }

  /** What is predicted, from the waits since the training where these are enough. */
  private shifted(app: number, { kind, waits }: NextNeed): NextNeed['waits'] {
    if (kind !== 'regular' && kind !== 'approximate') return waits
    const runs = this.runs[app]!
    if (runs.length - this.trainedRuns[app]! < ENOUGH_WAITS) return waits
    const recent = waitsOf(runs.slice(-ENOUGH_WAITS - 1)).toSorted((one, other) => one - other)
    if (kind === 'approximate') {
      return commonest(recent)
        .slice(0, 3)
        .map(({ value }) => [value, value] as const)
        .toSorted(([one], [other]) => one - other)
    }
    const median = recent[Math.floor((recent.length - 1) / 2)]!
    const half = (waits[0]![1] - waits[0]![0]) / 2
    return [[median - half, median + half]]
  }

  private train(): void {
    this.isTrained = true
    const end = Math.floor(this.params.train / MINUTE)
    for (const [app, runs] of this.runs.entries()) {
      this.trainedRuns[app] = runs.length
      if (runs.length > 0) this.predictions[app] = classOf(runs, end) ?? this.assigned(app, end)
    }
  }

  /** Pulsed, possible or correlated: which would have been best in the last part of the training. */
  private assigned(app: number, end: number): NextNeed {
    const { judge, alpha, slack } = this.params
    const from = end - judge / MINUTE
    const own = this.runs[app]!.filter(({ last }) => last >= from)
    const herald = this.heraldOf(app, own, from)
    const choices = [PULSED, possible(this.runs[app]!)].map((prediction) => ({
      prediction,
      ...costOf(prediction, own, slack / MINUTE),
    }))
    if (herald !== undefined) {
      const prediction: NextNeed = { kind: 'correlated', waits: [], giveUp: 1 }
      const heralds = this.runs[herald]!.filter(({ first }) => first >= from)
      choices.push({ prediction, ...costOfHerald(heralds, own) })
    }
    const [most, wasted] = [
      Math.max(1, ...choices.map(({ cold }) => cold)),
      Math.max(1, ...choices.map(({ waste }) => waste)),
    ]
    const score = ({ cold, waste }: { cold: number; waste: number }): number =>
      (alpha * cold) / most + ((1 - alpha) * waste) / wasted
    const { prediction } = choices.reduce((best, choice) => (score(choice) < score(best) ? choice : best))
    if (prediction.kind === 'correlated') (this.follows[herald!] ??= []).push(app)
    return prediction
  }

  /** The first other function of the owner that foretells this one. */
  private heraldOf(app: number, own: readonly ActiveRun[], from: number): number | undefined {
    if (this.askAgain === undefined) return undefined
    for (const [other, runs] of this.runs.entries()) {
      if (other === app || this.owner[other] !== this.owner[app]) continue
      if (
        foretells(
          runs.filter(({ first }) => first >= from),
          own,
        )
      )
        return other
    }
    return undefined
  }

  saveAll(): unknown {
    const { runs, predictions, trainedRuns, follows, heraldedUntil, isTrained } = this
    const spelt = predictions.map((each) => (each === undefined ? null : { ...each, giveUp: String(each.giveUp) }))
    return {
      runs,
      predictions: spelt,
      trainedRuns: [...trainedRuns],
      follows,
      heraldedUntil: [...heraldedUntil],
      isTrained,
    }
  }

  loadAll(state: unknown): void {
    const saved = state as {
      runs: ActiveRun[][]
      predictions: ((Omit<NextNeed, 'giveUp'> & { giveUp: string }) | null)[]
      trainedRuns: number[]
      follows: (number[] | null)[]
      heraldedUntil: number[]
      isTrained: boolean
    }
    // Of another fleet nothing is taken: its functions have other rows.
    if (saved.runs.length !== this.runs.length) return
    for (const [app, runs] of saved.runs.entries()) this.runs[app] = runs.map((run) => ({ ...run }))
    for (const [app, each] of saved.predictions.entries())
      this.predictions[app] = each === null ? undefined : { ...each, giveUp: Number(each.giveUp) }
    for (const [app, each] of saved.follows.entries()) this.follows[app] = each === null ? undefined : [...each]
    this.trainedRuns.set(saved.trainedRuns)
    this.heraldedUntil.set(saved.heraldedUntil)
    this.isTrained = saved.isTrained
  }
}

/** Each function by its kind: what is regular is predicted, what is dense is kept, what follows another waits for it. */
export const spes = definePolicy({
  id: 'spes',
  summary: 'Tells functions apart by their idle and active minutes, and predicts each by the rule of its class.',
  paper: 'Lee et al., "SPES: towards optimizing performance-resource trade-off for serverless functions", ICDE 2024',
  departures: [
    'Until the training is over there is a fixed window.',
    'Small waits are not merged.',
    'A function goes by its last five waits, once there have been five since the training.',
    'In the choice among the last three rules, each part counts relative to the largest of the three.',
    'It works on functions: give it each function as an app of its own (unit: function).',
  ],
  parameters,
  scope: 'fleet',
  needs: [],
  contradiction: (params) =>
    params.judge <= params.train ? undefined : { name: 'judge', problem: 'expected at most the time of the training' },
  create: (params, context) => new Spes(params, context),
})
