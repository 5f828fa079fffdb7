import { describe, expect, it } from 'vitest'
import { watchedPolicy } from '../../../src/live/fleet/watched-policy.ts'
import type { Policy } from '../../../src/policy/policy.ts'

const DULL: Policy = {
  arrived() {},
  decide: (_app, _now, out) => void Object.assign(out, { prewarmMs: 0, keepAliveMs: 7 }),
}

/** A policy with these methods, watched; and what was told of its failures. */
function watched(methods: Partial<Policy>): { policy: Policy; told: string[] } {
  const told: string[] = []
  const policy = watchedPolicy({ ...DULL, ...methods }, { policyFailed: (app, error) => told.push(`${app}: ${error}`) })
  return { policy, told }
}

function broken(): never {
  throw new Error('broken')
}

describe('a policy that is watched', () => {
  it('passes on what it answers', () => {
    const { policy, told } = watched({
      floor: (_app, now, out) => void Object.assign(out, { instances: 2, untilMs: now + 9 }),
      lastKeepAliveMs: () => 11,
      save: () => 'learnt',
    })
    const [windows, floor] = [
      { prewarmMs: 1, keepAliveMs: 1 },
      { instances: 0, untilMs: 0 },
    ]
    policy.decide(0, 5, windows)
    policy.floor!(0, 5, floor)
    expect([windows, floor]).toEqual([
      { prewarmMs: 0, keepAliveMs: 7 },
      { instances: 2, untilMs: 14 },
    ])
    expect([policy.lastKeepAliveMs!(0, 5), policy.save!(0), told]).toEqual([11, 'learnt', []])
  })

  it('holds nothing for ten minutes where its floor is none', () => {
    const floors = [
      { instances: 1.5, untilMs: 9 },
      { instances: Number.NaN, untilMs: 9 },
      { instances: -1, untilMs: 9 },
      { instances: 1, untilMs: 5 },
    ]
    for (const answer of floors) {
      const { policy, told } = watched({ floor: (_app, _now, out) => void Object.assign(out, answer) })
      const out = { instances: 3, untilMs: 0 }
      policy.floor!(4, 5, out)
      expect(out).toEqual({ instances: 0, untilMs: 600_005 })
      expect(told).toHaveLength(1)
      expect(told[0]).toMatch(/^4: BadAnswer: floor\(\) must set/)
    }
  })

  it('harms nobody whichever of its methods throws, or answers what is no time', () => {
    const { policy, told } = watched({
      arrived: broken,
      decide: broken,
      floor: broken,
      finished: broken,
      lastKeepAliveMs: broken,
      save: broken,
      load: broken,
    })
    const out = { prewarmMs: 1, keepAliveMs: 1 }
    policy.arrived(0, 1, -1, 0)
    policy.decide(0, 1, out)
    policy.floor!(0, 1, { instances: 0, untilMs: 0 })
    policy.finished!(0, 1, 0)
    policy.load!(0, {})
    expect(out).toEqual({ prewarmMs: 0, keepAliveMs: 600_000 })
    expect([policy.lastKeepAliveMs!(0, 1), policy.save!(0)]).toEqual([0, undefined])
    expect(told).toEqual(Array.from({ length: 7 }, () => '0: Error: broken'))
    expect(watched({ lastKeepAliveMs: () => Number.NaN }).policy.lastKeepAliveMs!(0, 1)).toBe(0)
  })
})
