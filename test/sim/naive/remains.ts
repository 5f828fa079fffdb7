import type { Policy } from '../../../src/policy/policy.ts'
import type { NaiveScenario } from './scenario.ts'

/** A stay in one stage: from when to when. */
interface Stay {
  readonly stage: number
  readonly from: number
  readonly to: number
}

interface Cooled {
  readonly app: number
  readonly node: number
  readonly cooledAt: number
  readonly stays: readonly Stay[]
}

type Tell = (stay: { app: number; from: number; to: number; share: number }) => void

/** What is left of instances, each as a list of stays that was fixed when it began to cool; all of them are looked at each time. */
export class NaiveRemains {
  /** How long the latest load takes, and from which stage it began; null: from none. */
  latestMs = 0
  latestStage: number | null = null
  private readonly scenario: NaiveScenario
  private readonly policy: Policy
  private readonly tell: Tell
  private all: Cooled[] = []

  constructor(scenario: NaiveScenario, policy: Policy, tell: Tell) {
    this.scenario = scenario
    this.policy = policy
    this.tell = tell
  }

  /** Whether one app may take what is left of another. */
  get isShared(): boolean {
    return this.scenario.stages.length > 0 && this.policy.kindOf !== undefined
  }

  cool({ app, node }: { readonly app: number; readonly node: number }, now: number): void {
    const { stages } = this.scenario
    if (stages.length === 0) return
    const windows = new Float64Array(stages.length)
    this.policy.cool!(app, now, windows)
    let from = now
    const stays: Stay[] = []
    for (const [stage, ms] of windows.entries()) {
      if (ms > 0) stays.push({ stage, from, to: from + ms })
      from += ms
    }
    this.all.push({ app, node, cooledAt: now, stays })
  }

  /** A load of the app begins on a node; gives how long it takes. */
  begin(
    app: number,
    node: number,
    now: number,
    loaded: readonly { node: number; size: number }[],
    wholeMs: number,
  ): number {
    const { stages, cluster, size } = this.scenario
    const there = this.all
      .flatMap((cooled) => {
        const stay = stayAt(cooled, now)
        const isMine = stay !== undefined && cooled.node === node && this.isKin(cooled.app, app, stay.stage)
        return isMine ? [{ cooled, stay }] : []
      })
      .toSorted(
        (a, b) =>
          a.stay.stage - b.stay.stage ||
          a.stay.from - b.stay.from ||
          // At one time those come first that cool to the stage directly, then those that leave the stage before.
          Number(a.stay !== a.cooled.stays[0]) - Number(b.stay !== b.cooled.stays[0]),
      )
    const [first] = there
    this.latestStage = first === undefined ? null : first.stay.stage
    this.latestMs = first === undefined ? wholeMs : Math.round(wholeMs * (1 - stages[first.stay.stage]!.savedShare))
    if (first !== undefined) this.end(first.cooled, now)
    if (cluster !== null) {
      const taken = loaded.filter((each) => each.node === node).reduce((sum, each) => sum + each.size, 0)
      const free = cluster.nodes[node]! - taken - size[app]!
      const units = ({ app: of, stage }: { app: number; stage: number }): number => {
        const { memoryShare } = stages[stage]!
        return memoryShare === 0 ? 0 : Math.max(1, Math.ceil(size[of]! * memoryShare))
      }
      for (;;) {
        const here = this.all.filter((cooled) => cooled.node === node && stayAt(cooled, now) !== undefined)
        const used = here.reduce(
          (sum, cooled) => sum + units({ app: cooled.app, stage: stayAt(cooled, now)!.stage }),
          0,
        )
        if (used <= free) break
        this.end(here[0]!, now)
      }
    }
    return this.latestMs
  }

  close(): void {
    const { end, expires } = this.scenario
    for (const cooled of this.all.slice()) {
      const last = cooled.stays.at(-1)?.to ?? 0
      const entered = cooled.stays.findLast(({ from }) => from < Number.POSITIVE_INFINITY)?.from ?? 0
      this.end(cooled, expires && last < Number.POSITIVE_INFINITY ? last : expires ? Math.max(end, entered) : end)
    }
  }

  private isKin(cooled: number, app: number, stage: number): boolean {
    const { policy } = this
    return policy.kindOf === undefined ? cooled === app : policy.kindOf(cooled, stage) === policy.kindOf(app, stage)
  }

  private end(cooled: Cooled, at: number): void {
    this.all = this.all.filter((each) => each !== cooled)
    for (const { stage, from, to } of cooled.stays) {
      if (from > at) continue
      this.tell({ app: cooled.app, from, to: Math.min(to, at), share: this.scenario.stages[stage]!.memoryShare })
    }
  }
}

/** Where something is at a time: at the end of a stay it is there still, and at the beginning only if that is when it began to cool. */
function stayAt({ stays, cooledAt }: Cooled, now: number): Stay | undefined {
  return stays.find(({ from, to }) => (from < now || from === cooledAt) && now <= to)
}
