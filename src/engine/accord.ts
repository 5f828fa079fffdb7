import { UserError } from '../core/user-error.ts'
import type { Policy } from '../policy/policy.ts'
import type { EngineOptions, Host } from './outcomes.ts'

/** Throws a UserError where a policy, the options and the host of an engine do not go together. */
export function demandAccord({ reuse, renew }: EngineOptions, policy: Policy, host: Host): void {
  if (policy.keepIdleMs !== undefined && (reuse === 'oldest' || !renew)) {
    // A further instance that goes by its own end is neither the one that is used next nor one whose window goes on.
    const option = reuse === 'oldest' ? 'reuse: oldest' : 'renew: off'
    throw new UserError({
      where: 'model',
      problem: `${option} contradicts a policy that keeps every idle instance for a time of its own (keepIdleMs)`,
      hint: 'Leave that option at its default, or take a policy without further windows.',
    })
  }
  if (policy.whenBusy !== undefined && host.take === undefined) {
    throw new UserError({
      where: 'policy',
      problem:
        'it has invocations wait for a busy instance (whenBusy), which is for simulations: live calls do not wait so',
      hint: 'Take another policy for live instances, or leave whenBusy out.',
    })
  }
}

/**
 * Whether the engine may be told of an arrival and the end of its execution at once: the instance that is idle last works
 * next and is then idle last again, and nobody need know of it. Not for a policy that wants to be asked again, nor for a
 * host that hears of idleness.
 */
export function suitsInterrupts({ reuse, renew }: Pick<EngineOptions, 'reuse' | 'renew'>, policy: Policy): boolean {
  return reuse === 'newest' && renew && policy.rose === undefined && policy.keepIdleMs === undefined
}
