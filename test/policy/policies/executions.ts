import fc from 'fast-check'
import type { Policy } from '../../../src/policy/policy.ts'

/** An execution of one app: from a time to a later one, in whole ms. */
export interface Ran {
  readonly from: number
  readonly to: number
}

/** Executions of some seconds within so many ms, which overlap by chance. */
export function executions(withinMs: number, longestMs: number): fc.Arbitrary<readonly Ran[]> {
  const one = fc.tuple(fc.nat(withinMs), fc.integer({ min: 1, max: longestMs }))
  return fc
    .array(one, { minLength: 1, maxLength: 30 })
    .map((list) => list.map(([from, ms]) => ({ from, to: from + ms })))
}

/** Tells a policy of what began and ended up to and including a time, in order of time. */
export function tell(policy: Policy, ran: readonly Ran[], upTo: number): void {
  const facts = ran.flatMap(({ from, to }) => [
    { at: from, began: true },
    { at: to, began: false },
  ])
  // An execution that ends as another begins is over by then.
  facts.sort((one, other) => one.at - other.at || Number(one.began) - Number(other.began))
  for (const { at, began } of facts) {
    if (at > upTo) return
    if (began) policy.arrived(0, at, -1, 0)
    else policy.finished!(0, at, 0)
  }
}

/** What a policy holds at a time. */
export function heldAt(policy: Policy, now: number): number {
  const out = { instances: Number.NaN, untilMs: Number.NaN }
  policy.floor!(0, now, out)
  return out.instances
}
