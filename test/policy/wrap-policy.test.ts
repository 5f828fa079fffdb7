import { expect, it } from 'vitest'
import type { Policy } from '../../src/policy/policy.ts'
import { POLICY_METHODS, wrapPolicy } from '../../src/policy/wrap-policy.ts'

it('a wrapped policy has the methods of its own, each wrapped, with its arguments, its answer and its object', () => {
  const heard: unknown[] = []
  class Counting {
    count = 0
    arrived(): void {}
    decide(...args: unknown[]): void {
      heard.push(args)
      this.count += 1
    }
    keepIdleMs(): number {
      return this.count
    }
  }
  const wrapped = wrapPolicy(new Counting() as Policy, (method, call) => (a, b, c, d) => {
    heard.push(method)
    return call(a, b, c, d)
  })
  const out = { prewarmMs: 0, keepAliveMs: 0 }
  wrapped.decide(1, 2, out)
  expect(wrapped.keepIdleMs!(1, 3, 1)).toBe(1)
  expect(heard).toEqual(['decide', [1, 2, out, undefined], 'keepIdleMs'])
  expect(POLICY_METHODS.filter((method) => method in wrapped)).toEqual(['arrived', 'decide', 'keepIdleMs'])
})
