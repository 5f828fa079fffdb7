import { MINUTE } from '../../core/units.ts'
import { definePolicy, type Policy, type Windows } from '../policy.ts'

class Fixed implements Policy {
  readonly neverLearns = true
  private readonly keepAliveMs: number

  constructor(keepAliveMs: number) {
    this.keepAliveMs = keepAliveMs
  }

  arrived(): void {}

  decide(_app: number, _now: number, out: Windows): void {
    out.prewarmMs = 0
    out.keepAliveMs = this.keepAliveMs
  }
}

/** What AWS and Azure do: every app stays loaded for one fixed time after it ran, renewed on use. */
export const fixed = definePolicy({
  id: 'fixed',
  summary: 'Keeps every app loaded for the same time after each execution.',
  paper: 'Shahrad et al., "Serverless in the Wild", USENIX ATC 2020, sections 1 and 5.2 (the baseline)',
  parameters: {
    keepAlive: {
      kind: 'duration',
      isWindow: true,
      describe: 'How long an app stays loaded after it went idle.',
      default: 10 * MINUTE,
      min: 0,
    },
  },
  scope: 'app',
  needs: [],
  create: ({ keepAlive }) => new Fixed(keepAlive),
})
