import { DAY, HOUR, MINUTE } from '../../core/units.ts'
import { turnAfter } from '../demand/turns.ts'
import { wrongShape } from '../forecast/histogram-shape.ts'
import { IdleHistogram } from '../forecast/idle-histogram.ts'
import { ownerIn } from '../owner.ts'
import type { ParameterValues } from '../parameters.ts'
import { definePolicy, type Policy, type PolicyContext, type Windows } from '../policy.ts'
import { Coincidences } from './defuse/coincidences.ts'

const parameters = {
  range: {
    kind: 'duration',
    isWindow: true,
    describe: 'Range of a set’s histogram, and its standard keep-alive.',
    default: 4 * HOUR,
    min: 1,
  },
  binWidth: { kind: 'duration', describe: 'Width of a bin.', default: MINUTE, min: 1 },
  head: {
    kind: 'number',
    unit: '%',
    describe: 'Head cut-off, a percentile of the idle times.',
    default: 5,
    min: 0,
    max: 100,
  },
  tail: {
    kind: 'number',
    unit: '%',
    describe: 'Tail cut-off, a percentile of the idle times.',
    default: 99,
    min: 0,
    max: 100,
  },
  margin: {
    kind: 'number',
    unit: '%',
    describe: 'Load this much earlier, unload this much later.',
    default: 10,
    min: 0,
    max: 100,
  },
  cv: { kind: 'number', describe: 'Least variation of the bin counts to trust the histogram.', default: 2, min: 0 },
  together: {
    kind: 'duration',
    describe: 'Apps of one owner that are invoked within the same stretch of this length are invoked together.',
    default: MINUTE,
    min: 1,
  },
  support: {
    kind: 'number',
    unit: '%',
    describe: 'Strong: two apps are invoked together in this part of the owner’s stretches, or more.',
    default: 20,
    min: 0,
    max: 100,
  },
  frequent: {
    kind: 'number',
    describe: 'An app with fewer idle times than this is rare, and may depend weakly on one that is not.',
    default: 10,
    min: 0,
    whole: true,
  },
  every: { kind: 'duration', describe: 'How often the sets are made anew.', default: DAY, min: MINUTE },
} as const

type Params = ParameterValues<typeof parameters>

/** Apps that depend on each other, and decide as one. */
interface DependencySet {
  readonly apps: readonly number[]
  readonly histogram: IdleHistogram
  /** Executions that run in it, and when the last one ended; -1 before. */
  running: number
  idleAt: number
}

class Defuse implements Policy {
  private readonly params: Params
  private readonly bins: number
  private readonly askAgain: PolicyContext['askAgain']
  /** Row of its owner per app. */
  private readonly owner: Uint32Array
  private readonly coincidences: readonly Coincidences[]
  private readonly sets: DependencySet[]
  /** Executions that run, per app. */
  private readonly running: Uint32Array
  /** When the sets are made anew. */
  private renewAt: number

  constructor(params: Params, { apps, appNames, askAgain }: PolicyContext) {
    this.params = params
    this.bins = Math.ceil(params.range / params.binWidth)
    this.askAgain = askAgain
    const owners = new Map<string, number[]>()
    for (let app = 0; app < apps; app += 1) {
      const owner = ownerIn(appNames?.at(app) ?? '')
      const own = owners.get(owner)
      if (own === undefined) owners.set(owner, [app])
      else own.push(app)
    }
    this.owner = new Uint32Array(apps)
    this.running = new Uint32Array(apps)
    this.coincidences = [...owners.values()].map((own, row) => {
      for (const app of own) this.owner[app] = row
      return new Coincidences(own)
    })
    this.sets = Array.from({ length: apps }, (_, app) => this.newSet([app]))
    this.renewAt = params.every
  }

  private newSet(apps: readonly number[]): DependencySet {
    const histogram = new IdleHistogram(this.bins, this.params.head, this.params.tail)
    return { apps, histogram, running: 0, idleAt: -1 }
  }

  arrived(app: number, now: number, idleMs: number): void {
    if (now >= this.renewAt) this.renew(now)
    const { together, range, binWidth } = this.params
    this.coincidences[this.owner[app]!]!.hear(app, Math.floor(now / together), idleMs >= 0)
    const set = this.sets[app]!
    if (set.running === 0 && set.idleAt >= 0) {
      const idle = now - set.idleAt
      set.histogram.learn(idle >= range ? this.bins : Math.floor(idle / binWidth))
    }
    set.running += 1
    this.running[app]! += 1
    // What depends on it is asked anew: it may be loaded at once, and its window begins with the set's.
    if (this.askAgain === undefined || set.apps.length === 1) return
    for (const other of set.apps) if (other !== app) this.askAgain(other, now)
  }

  finished(app: number, now: number): void {
    const set = this.sets[app]!
    set.running -= 1
    this.running[app]! -= 1
    set.idleAt = now
    if (set.running > 0 || set.apps.length === 1 || this.askAgain === undefined) return
    for (const other of set.apps) if (other !== app) this.askAgain(other, now)
  }

  decide(app: number, now: number, out: Windows): void {
    const { cv, range, binWidth, margin } = this.params
    const { histogram, running, idleAt } = this.sets[app]!
    const since = running > 0 || idleAt < 0 ? now : idleAt
    let [load, unload] = [0, range]
    if (histogram.inBounds > 0 && histogram.inBounds >= histogram.outOfBounds && histogram.variesAtLeast(cv)) {
      load = (histogram.headBin() * binWidth * (100 - margin)) / 100
      unload = ((histogram.tailBin() + 1) * binWidth * (100 + margin)) / 100
    }
    // While another of the set works, this one waits for it.
    if (running > 0) load = 0
    out.prewarmMs = Math.max(0, since + load - now)
    out.keepAliveMs = Math.max(0, since + unload - now - out.prewarmMs)
  }

  /** Makes the sets anew. One whose apps stay the same keeps its histogram; another begins with that of its largest part. */
  private renew(now: number): void {
    const { every, support, frequent } = this.params
    this.renewAt = turnAfter(now, every)
    for (const coincidences of this.coincidences) {
      for (const apps of coincidences.sets(support / 100, frequent)) {
        const parts = [...new Set(apps.map((app) => this.sets[app]!))]
        if (parts.length === 1 && parts[0]!.apps.length === apps.length) continue
        const known = ({ histogram }: DependencySet): number => histogram.inBounds + histogram.outOfBounds
        const set = this.newSet(apps)
        set.histogram.load(parts.reduce((most, part) => (known(part) > known(most) ? part : most)).histogram.save())
        set.running = apps.reduce((sum, app) => sum + this.running[app]!, 0)
        set.idleAt = Math.max(...parts.map(({ idleAt }) => idleAt))
        for (const app of apps) this.sets[app] = set
      }
    }
  }

  saveAll(): unknown {
    const sets = [...new Set(this.sets)].map(({ apps, histogram, idleAt }) => ({ apps, idleAt, ...histogram.save() }))
    return { renewAt: this.renewAt, sets, coincidences: this.coincidences.map((each) => each.save()) }
  }

  loadAll(state: unknown): void {
    const saved = state as {
      renewAt: number
      sets: ({ apps: number[]; idleAt: number } & ReturnType<IdleHistogram['save']>)[]
      coincidences: ReturnType<Coincidences['save']>[]
    }
    // Of another fleet nothing is taken: its apps have other rows.
    if (saved.sets.reduce((sum, { apps }) => sum + apps.length, 0) !== this.sets.length) return
    if (saved.coincidences.length !== this.coincidences.length) return
    this.renewAt = saved.renewAt
    for (const [row, each] of saved.coincidences.entries()) this.coincidences[row]!.load(each)
    for (const { apps, idleAt, ...histogram } of saved.sets) {
      const set = { ...this.newSet(apps), idleAt }
      set.histogram.load(histogram)
      for (const app of apps) this.sets[app] = set
    }
  }
}

/** Functions that call each other are one unit: the first of them brings the others about. */
export const defuse = definePolicy({
  id: 'defuse',
  summary: 'Finds which apps of one owner are invoked together, and keeps and loads each such set by one histogram.',
  paper:
    'Shen et al., "Defuse: a dependency-guided function scheduler to mitigate cold starts on FaaS platforms", ICDCS 2021',
  departures: [
    'Sets are made anew each day, from all that was seen so far.',
    'Idle times that are out of bounds are not forecast: they have the standard keep-alive.',
    'A rare app depends on one other app.',
    'The threshold of the support, and which apps are rare, are ours.',
    'It works on functions: give it each function as an app of its own (unit: function).',
  ],
  parameters,
  scope: 'fleet',
  needs: [],
  contradiction: wrongShape,
  create: (params, context) => new Defuse(params, context),
})
