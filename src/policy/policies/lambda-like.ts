import { DAY, MINUTE } from '../../core/units.ts'
import type { ParameterValues } from '../parameters.ts'
import { definePolicy, type Policy, type PolicyContext, type Windows } from '../policy.ts'

const parameters = {
  longest: {
    kind: 'duration',
    isWindow: true,
    describe: 'The last idle instances stay for so long.',
    default: 27 * MINUTE,
    min: 1,
    max: 365 * DAY,
  },
  halving: {
    kind: 'duration',
    describe: 'Each time so much has passed, half of the instances that were idle go.',
    default: 5 * MINUTE,
    min: 1,
    max: DAY,
  },
  last: { kind: 'number', describe: 'So many of an app are not halved any more.', default: 3, min: 1, whole: true },
} as const

type Params = ParameterValues<typeof parameters>

class LambdaLike implements Policy {
  private readonly params: Params
  /** The most instances of each app that were in use at once since none was. */
  private readonly most: Uint32Array

  constructor(params: Params, { apps }: PolicyContext) {
    this.params = params
    this.most = new Uint32Array(apps)
  }

  arrived(): void {}

  rose(app: number, _now: number, inUse: number): void {
    this.most[app] = Math.max(inUse === 1 ? 0 : this.most[app]!, inUse)
  }

  decide(_app: number, _now: number, out: Windows): void {
    out.prewarmMs = 0
    out.keepAliveMs = this.params.longest
  }

  /** Of the most that were in use, this one goes at the first halving that leaves fewer than are in use with it. */
  keepIdleMs(app: number, _now: number, inUse: number): number {
    const { longest, halving, last } = this.params
    const rank = inUse + 1
    if (rank <= last) return longest
    const halvings = Math.floor(Math.log2(Math.max(this.most[app]!, rank) / rank)) + 1
    return Math.min(longest, halvings * halving)
  }
}

/** AWS Lambda, as it was measured from outside: what is idle is halved, and the last few stay for about half an hour. */
export const lambdaLike = definePolicy({
  id: 'lambda-like',
  summary: 'Halves the idle instances of an app every 5 minutes, and keeps the last 3 for 27 minutes.',
  paper:
    'After Wang et al., "Peeking behind the curtains of serverless platforms", USENIX ATC 2018, which measured AWS Lambda. We did not find its text and quote it from memory: the halving, each 5 minutes, and the last 3 are assumed. The 27 minutes are also in notes on Wang et al., "InfiniCache", FAST 2020. AWS promises no such times, and later measurements differ: docs/policies.md, "How long AWS Lambda keeps", lists them',
  departures: [
    'Environments are not ended every few hours.',
    'When an instance goes is decided as it becomes idle, from how many others are in use and how many were at most.',
  ],
  parameters,
  scope: 'app',
  needs: [],
  create: (params, context) => new LambdaLike(params, context),
})
