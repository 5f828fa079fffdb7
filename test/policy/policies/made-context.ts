import fc from 'fast-check'
import { expect } from 'vitest'
import { HOUR } from '../../../src/core/units.ts'
import type { ParameterTable } from '../../../src/policy/parameters.ts'
import { defaultsOf } from '../../../src/policy/parameters.ts'
import { policies } from '../../../src/policy/policies/index.ts'
import type { Policy, PolicyContext } from '../../../src/policy/policy.ts'

/** Facts of a trace of so many apps with one function each, of 1 MB and a second to load. */
function contextOf(apps: number, facts: Partial<PolicyContext> = {}): PolicyContext {
  return {
    apps,
    functions: apps,
    horizonMs: 14 * 24 * HOUR,
    memoryMb: new Float64Array(apps).fill(1),
    coldStartMs: new Float64Array(apps).fill(1000),
    trigger: new Uint8Array(apps),
    functionApp: Uint32Array.from({ length: apps }, (_, app) => app),
    seed: 1,
    ...facts,
  }
}

/** A listed policy at its defaults but for the given parameters, for one app where no facts are given. */
export function made(id: string, params: object = {}, facts: Partial<PolicyContext> = {}): Policy {
  const definition = policies.get(id, 'a test')
  const values = { ...defaultsOf<ParameterTable>(definition.parameters), ...params }
  return definition.create(values, contextOf(facts.apps ?? 1, facts))
}

/** What a policy answers after idle times, in minutes from the idle moment: of one app that takes no time to serve. */
export function after(
  policy: Policy,
  idleMinutes: readonly number[],
  app = 0,
  startMs = 0,
): { load: number; unload: number } {
  const out = { prewarmMs: Number.NaN, keepAliveMs: Number.NaN }
  let now = startMs
  policy.arrived(app, now, -1, app)
  policy.decide(app, now, out)
  for (const idle of idleMinutes) {
    now += idle * 60_000
    policy.arrived(app, now, idle * 60_000, app)
    policy.decide(app, now, out)
  }
  return { load: out.prewarmMs / 60_000, unload: (out.prewarmMs + out.keepAliveMs) / 60_000 }
}

/** What one app lived through: its arrivals, and the idle times that all but the first ended. */
export interface Past {
  readonly arrivals: readonly number[]
  readonly gaps: readonly number[]
}

/** Demands that a policy answers as a naive version does, which computes everything anew from the whole past. */
export function expectAsNaive(
  make: () => Policy,
  naive: (past: Past, now: number) => { readonly load: number; readonly unload: number },
  longestMinutes = 600,
): void {
  const minutes = fc.oneof(
    fc.constantFrom(0, 1, 5, 30, 240),
    fc.nat(longestMinutes),
    fc.nat(60_000).map((ms) => ms / 60_000),
  )
  fc.assert(
    fc.property(fc.array(minutes, { maxLength: 60 }), (idles) => {
      const policy = make()
      const arrivals: number[] = []
      const gaps: number[] = []
      const out = { prewarmMs: Number.NaN, keepAliveMs: Number.NaN }
      let now = 1000
      for (const idle of [-1, ...idles]) {
        const gap = Math.round(idle * 60_000)
        if (idle >= 0) gaps.push(gap)
        now += Math.max(0, gap)
        arrivals.push(now)
        policy.arrived(0, now, idle < 0 ? -1 : gap, 0)
        policy.decide(0, now, out)
        const { load, unload } = naive({ arrivals, gaps }, now)
        expect(out.prewarmMs).toBeCloseTo(load, 2)
        expect(out.prewarmMs + out.keepAliveMs).toBeCloseTo(unload, 2)
      }
    }),
    { numRuns: 40, seed: 11 },
  )
}
