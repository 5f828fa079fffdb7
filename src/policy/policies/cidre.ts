import { DAY, MINUTE } from '../../core/units.ts'
import type { ParameterValues } from '../parameters.ts'
import { definePolicy, type Policy, type PolicyContext, type WhenBusy, type Windows } from '../policy.ts'

const parameters = {
  scaling: {
    kind: 'choice',
    describe:
      'What becomes of an invocation that finds all instances busy: it waits for one while another is loaded beside it (speculative); that is loaded only while waiting costs more than it saves (conditional); or it just waits (waiting).',
    default: 'conditional',
    options: ['conditional', 'speculative', 'waiting'],
  },
  recent: {
    kind: 'number',
    describe: 'Means of waiting and of work are over so many latest invocations of an app.',
    default: 10,
    min: 1,
    max: 10_000,
    whole: true,
  },
  trigger: {
    kind: 'number',
    describe:
      'Loads are allowed again once so much of the mean waiting is longer than the mean work, and no more once so much of the instances is more than are wanted.',
    default: 0.8,
    min: 0,
    max: 10,
  },
  work: {
    kind: 'duration',
    describe: 'Of outstanding work, so much wants an instance.',
    default: 200,
    min: 1,
    max: DAY,
  },
  keepAlive: {
    kind: 'duration',
    isWindow: true,
    describe: 'How long an instance stays loaded after it became idle.',
    default: 10 * MINUTE,
    min: 0,
    max: 365 * DAY,
  },
} as const

type Params = ParameterValues<typeof parameters>

/** The latest values of a series, and their mean. */
class Latest {
  private readonly values: number[] = []
  private readonly most: number
  private oldest = 0

  constructor(most: number) {
    this.most = most
  }

  add(value: number): void {
    if (this.values.length < this.most) this.values.push(value)
    else {
      this.values[this.oldest] = value
      this.oldest = (this.oldest + 1) % this.most
    }
  }

  /** Oldest first. */
  save(): number[] {
    return [...this.values.slice(this.oldest), ...this.values.slice(0, this.oldest)]
  }

  get mean(): number {
    let sum = 0
    for (const value of this.values) sum += value
    return this.values.length === 0 ? 0 : sum / this.values.length
  }
}

/** What is known of an app. */
class Load {
  readonly waiting: Latest
  readonly work: Latest
  /** Whether an instance may be loaded beside those who wait. */
  mayLoad = true

  constructor({ recent }: Params) {
    this.waiting = new Latest(recent)
    this.work = new Latest(recent)
  }
}

/** What {@link Cidre.save} gives: the latest values oldest first, in ms. */
interface Saved {
  readonly waiting: number[]
  readonly work: number[]
  readonly mayLoad: boolean
}

class Cidre implements Policy {
  private readonly params: Params
  private readonly loads: (Load | undefined)[]

  constructor(params: Params, { apps }: PolicyContext) {
    this.params = params
    this.loads = Array.from({ length: apps })
  }

  arrived(): void {}

  answered(app: number, _now: number, waitedMs: number, tookMs: number): void {
    const { scaling, trigger } = this.params
    if (scaling !== 'conditional') return
    const load = this.of(app)
    load.waiting.add(waitedMs)
    load.work.add(tookMs)
    if (trigger * load.waiting.mean > load.work.mean) load.mayLoad = true
  }

  whenBusy(app: number, _now: number, instances: number, outstanding: number): WhenBusy {
    const { scaling, trigger, work } = this.params
    if (scaling !== 'conditional') return scaling === 'speculative' ? 'both' : 'wait'
    const load = this.of(app)
    const wanted = Math.max(1, Math.min(outstanding, Math.floor((outstanding * load.work.mean) / work)))
    if (trigger * instances > wanted) load.mayLoad = false
    return load.mayLoad ? 'both' : 'wait'
  }

  decide(_app: number, _now: number, out: Windows): void {
    out.prewarmMs = 0
    out.keepAliveMs = this.params.keepAlive
  }

  save(app: number): unknown {
    const load = this.loads[app]
    if (load === undefined) return undefined
    return { waiting: load.waiting.save(), work: load.work.save(), mayLoad: load.mayLoad } satisfies Saved
  }

  load(app: number, state: unknown): void {
    const { waiting, work, mayLoad } = state as Saved
    const load = new Load(this.params)
    for (const value of waiting) load.waiting.add(value)
    for (const value of work) load.work.add(value)
    load.mayLoad = mayLoad
    this.loads[app] = load
  }

  private of(app: number): Load {
    return (this.loads[app] ??= new Load(this.params))
  }
}

/** CIDRE's scaling: a busy instance may be free sooner than a new one is loaded. Its eviction is an order of its own. */
export const cidre = definePolicy({
  id: 'cidre',
  summary:
    'Lets invocations wait for a busy instance, and loads another beside them only while waiting costs too much.',
  paper:
    'Liu et al., "Concurrency-informed orchestration for serverless functions", ASPLOS 2025 (https://doi.org/10.1145/3676641.3716253). We read its abstract in November 2026: it names the speculative choice between waiting for a busy container and a cold start, and evictions by containers and by concurrency. The numbers are those of its published code (nzc5ve/cidre_asplos25; work is 200 ms there, and 10 ms in a later state). Its eviction is the eviction order cidre',
  departures: [
    'Loads are allowed at first. The code forbids them at first, so it could load nothing.',
    'Whether there are too many instances is checked when an arrival finds all of them busy. Two loads may follow each other without a pause.',
    'Instances beyond the wanted number are not killed. They go by keepAlive, which is ours: in the code instances go only when memory is short (365d).',
  ],
  parameters,
  scope: 'app',
  needs: [],
  world: () => ({ lines: true }),
  create: (params, context) => new Cidre(params, context),
})
