import type { Policy } from './policy.ts'

/**
 * What a policy says of itself is no method, and holds for the original alone; and whoever hears of several arrivals at once
 * may as well hear of each. Where the wrapped one does the same as the original, both may be added.
 */
type Method = Exclude<keyof Policy, 'neverLearns' | 'arrivedAlike'>

/** Every method that a policy may have; the type below holds the list complete. */
const METHODS = [
  'arrived',
  'decide',
  'floor',
  'lastKeepAliveMs',
  'finished',
  'answered',
  'whenBusy',
  'rose',
  'keepIdleMs',
  'cool',
  'kindOf',
  'save',
  'load',
  'saveAll',
  'loadAll',
] as const satisfies readonly Method[]
export type PolicyMethod = (typeof METHODS)[number]

/** The list, which does not compile where a method of {@link Policy} is missing from it. */
export const POLICY_METHODS: readonly (Method extends PolicyMethod ? PolicyMethod : never)[] = METHODS

/** A call of any method: up to four arguments, the first of which is the app, but for the two that are of no app. */
export type PolicyCall = (a: unknown, b: unknown, c: unknown, d: unknown) => unknown

/**
 * A policy with the same methods, each of them as `wrap` makes it from the original. A method that the policy has not is
 * not there afterwards either, and none that it has is forgotten. Pass on what a call gives back: the engine checks it.
 */
export function wrapPolicy(policy: Policy, wrap: (method: PolicyMethod, call: PolicyCall) => PolicyCall): Policy {
  const wrapped: Partial<Record<PolicyMethod, PolicyCall>> = {}
  for (const method of POLICY_METHODS) {
    const own = policy[method] as PolicyCall | undefined
    if (own === undefined) continue
    wrapped[method] = wrap(method, own.bind(policy))
  }
  return wrapped as unknown as Policy
}
