import type { Policy } from '../../policy/policy.ts'
import { InstancesApp } from './instances-app.ts'
import { goesByApp, type ReplayByApp } from './replay.ts'

/** Methods that only the engine asks. */
const HOOKS = [
  'floor',
  'lastKeepAliveMs',
  'answered',
  'whenBusy',
  'keepIdleMs',
  'cool',
] as const satisfies (keyof Policy)[]

/** The model `instances` app by app where a policy has windows and nothing else. Hot: measured by bench/day.ts. */
export const instances: ReplayByApp = {
  id: 'instances',
  summary: 'The model instances with one invocation at a time, the newest idle instance first, for windows alone.',
  order: 'app',
  suits: (parts) => {
    const { model, policy, mayAskAgain, loadTime, concurrencyOf } = parts
    return (
      goesByApp(parts) &&
      model.kind === 'instances' &&
      model.concurrency === 1 &&
      concurrencyOf === undefined &&
      model.reuse === 'newest' &&
      model.whileLoading === 'new' &&
      model.renew &&
      model.stages === undefined &&
      !mayAskAgain &&
      loadTime === undefined &&
      HOOKS.every((hook) => policy[hook] === undefined)
    )
  },
  open(parts) {
    const app = new InstancesApp(parts)
    return {
      open: (row) => app.open(row),
      put: (block) => app.put(block),
      close: () => app.close(),
    }
  },
}
