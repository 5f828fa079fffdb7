import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { loadOwnPolicyHere } from '../../src/config/own-policy.ts'
import { MINUTE, SECOND } from '../../src/core/units.ts'
import { fixed } from '../../src/policy/policies/fixed.ts'
import type { Policy, PolicyContext } from '../../src/policy/policy.ts'
import { INSTANCES_MODEL } from '../../src/sim/model.ts'
import { runSimulation, suitableReplays } from '../../src/sim/simulation.ts'
import { type Execution, expectEqual, rowOf, traceOf } from '../sim/scenario.ts'

async function own(name: string) {
  const path = fileURLToPath(new URL(`../../experiments/${name}.ts`, import.meta.url))
  return (await loadOwnPolicyHere(path, 'policies[0]')).definition
}

const model = { ...INSTANCES_MODEL, coldStart: SECOND }

describe('experiments/followers.ts', () => {
  // Every half hour "a" is called, and two minutes later "b".
  const calls = Array.from({ length: 12 }, (_, turn): Execution[] => [
    [turn * 30 * MINUTE, 100, 'a'],
    [turn * 30 * MINUTE + 2 * MINUTE, 100, 'b'],
  ]).flat()
  const trace = traceOf(calls, 400 * MINUTE)

  it('loads an app as soon as another is invoked that it followed', async () => {
    const policy = await own('followers')
    const found = runSimulation({ trace, model, policy, params: { keepAlive: 5 * MINUTE }, seed: 1 })
    // "b" is cold while five starts of "a" are seen; from the sixth on it is loaded two minutes before it is called.
    expect(rowOf(found, 0)).toMatchObject({ invocations: 12, coldStarts: 12, loads: 12 })
    expect(rowOf(found, 1)).toMatchObject({ invocations: 12, coldStarts: 5, prewarms: 7, loads: 12 })
    expect(rowOf(found, 1)).not.toHaveProperty('prewarmsUnused')
    const without = runSimulation({ trace, model, policy: fixed, params: { keepAlive: 5 * MINUTE }, seed: 1 })
    expect(rowOf(without, 1)).toMatchObject({ coldStarts: 12 })
  })

  it('knows again what it had learnt when its state is loaded', async () => {
    const policy = await own('followers')
    let state: unknown
    const learning = {
      ...policy,
      create(params: never, context: PolicyContext): Policy {
        const made = policy.create(params, context)
        if (state !== undefined) made.loadAll!(state)
        return { ...made, lastKeepAliveMs: () => ((state = structuredClone(made.saveAll!())), 0) }
      },
    }
    const cold = (): number => runSimulation({ trace, model, policy: learning as never, seed: 1 }).coldStarts[1]!
    expect([cold(), cold()]).toEqual([5, 0])
  })
})

describe('experiments/by-demand.ts', () => {
  it('holds as many instances as ran at once in the last periods, and no longer', async () => {
    const policy = await own('by-demand')
    // Two at once; three minutes later again, warm; and half an hour later, when nothing is held any more, cold.
    const calls = [0, 0, 3 * MINUTE, 3 * MINUTE, 33 * MINUTE].map((at): Execution => [at, 10 * SECOND])
    const trace = traceOf(calls, 60 * MINUTE)
    const params = { every: MINUTE, periods: 5 }
    const found = runSimulation({ trace, model, policy, params, seed: 1 })
    expect(rowOf(found)).toMatchObject({ invocations: 5, coldStarts: 3, loads: 3, first: 1, scaleOut: 1, expired: 1 })
    // Held by the calls of minute 0 and of minute 3: until the period that began at 3 is the sixth last, at 8 min.
    const held = 2 * (8 * MINUTE - SECOND - 20 * SECOND)
    const last = 33 * MINUTE + 5 * MINUTE - (33 * MINUTE + SECOND + 10 * SECOND)
    expect(rowOf(found)).toMatchObject({ idleMs: held + last, busyMs: 50 * SECOND })
    const ways = suitableReplays({ trace, model, policy, params, seed: 1 })
    expect(ways).toEqual(['by-app', 'by-time'])
    for (const replay of ways) expectEqual(runSimulation({ trace, model, policy, params, seed: 1, replay }), found)
  })
})
