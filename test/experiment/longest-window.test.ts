import { describe, expect, it } from 'vitest'
import { longestWindow } from '../../src/experiment/longest-window.ts'
import { defaultsOf } from '../../src/policy/parameters.ts'
import { policies } from '../../src/policy/policies/index.ts'

const HOUR = 3_600_000

function windowOf(policy: string, given: Record<string, unknown> = {}): number | null {
  const listed = policies.all.find(({ id }) => id === policy)!
  return longestWindow({ policy, params: { ...defaultsOf(listed.parameters), ...given } })
}

describe('the longest window of a run', () => {
  it('is how long its policy keeps an app', () => {
    expect(windowOf('fixed', { keepAlive: 2 * HOUR })).toBe(2 * HOUR)
    expect(windowOf('hybrid-histogram')).toBe(4 * HOUR)
    expect(windowOf('hybrid-histogram', { further: 9 * HOUR })).toBe(9 * HOUR)
  })

  it('is no price, no step and no bound, however long', () => {
    expect(windowOf('break-even', { worth: 80 * HOUR, range: 480 * HOUR, nearWithin: 12 * HOUR })).toBe(0)
    expect(windowOf('hazard', { worth: 80 * HOUR })).toBe(0)
    expect(windowOf('icebreaker', { every: HOUR })).toBe(0)
  })

  it('is nothing where an app stays for ever, or where a listed policy declares none', () => {
    expect(windowOf('fixed', { keepAlive: Number.POSITIVE_INFINITY })).toBe(0)
    expect(windowOf('no-unload')).toBe(0)
  })

  it('is what a policy of a user’s own declares, and else not known', () => {
    const run = { policy: 'fixed', policyFile: 'a'.repeat(64), params: { keepAlive: HOUR, every: 9 * HOUR } }
    const duration = { kind: 'duration', describe: 'How long.', default: 0, min: 0 } as const
    expect(longestWindow(run)).toBeNull()
    expect(longestWindow(run, { keepAlive: duration, every: duration })).toBeNull()
    const declared = { keepAlive: { ...duration, isWindow: true }, every: duration } as const
    expect(longestWindow(run, declared)).toBe(HOUR)
    expect(longestWindow({ ...run, params: { keepAlive: Number.POSITIVE_INFINITY } }, declared)).toBe(0)
  })

  it('is known of every policy that has a keep-alive time', () => {
    const named = policies.all.filter(({ parameters }) => 'keepAlive' in parameters)
    expect(named.length).toBeGreaterThan(3)
    for (const { id } of named) expect(windowOf(id, { keepAlive: 77 * HOUR }), id).toBe(77 * HOUR)
  })
})
