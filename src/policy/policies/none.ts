import { definePolicy, type Policy, type Windows } from '../policy.ts'

class None implements Policy {
  readonly neverLearns = true

  arrived(): void {}

  decide(_app: number, _now: number, out: Windows): void {
    out.prewarmMs = 0
    out.keepAliveMs = 0
  }
}

/** The lower bound of idle memory: an app is unloaded as soon as it is idle. */
export const none = definePolicy({
  id: 'none',
  summary: 'Unloads an app as soon as it went idle.',
  parameters: {},
  scope: 'app',
  needs: [],
  create: () => new None(),
})
