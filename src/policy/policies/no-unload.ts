import { definePolicy, type Policy, type Windows } from '../policy.ts'

class NoUnload implements Policy {
  readonly neverLearns = true

  arrived(): void {}

  decide(_app: number, _now: number, out: Windows): void {
    out.prewarmMs = 0
    out.keepAliveMs = Number.POSITIVE_INFINITY
  }
}

/** The lower bound of cold starts without prediction: once loaded, an app is never unloaded. */
export const noUnload = definePolicy({
  id: 'no-unload',
  summary: 'Never unloads an app once it was loaded.',
  paper: 'Shahrad et al., "Serverless in the Wild", USENIX ATC 2020, section 5.2 (figure 14)',
  parameters: {},
  scope: 'app',
  neverUnloads: true,
  needs: [],
  create: () => new NoUnload(),
})
