import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadOwnPolicyHere } from '../../../src/config/own-policy.ts'
import { MINUTE, SECOND } from '../../../src/core/units.ts'
import { AskAgain } from '../../../src/engine/ask-again.ts'
import { BadAnswer } from '../../../src/engine/ask.ts'
import { ACCOUNTS, type Ledger } from '../../../src/engine/ledger.ts'
import { Directory } from '../../../src/live/fleet/app-rows.ts'
import { contextOf } from '../../../src/live/fleet/policy-context.ts'
import type { Policy, PolicyDefinition } from '../../../src/policy/policy.ts'
import { INSTANCES_MODEL } from '../../../src/sim/model.ts'
import { runSimulation } from '../../../src/sim/simulation.ts'
import { arrivalsInTime } from '../../../src/trace/arrivals/arrivals-in-time.ts'
import type { Trace } from '../../../src/trace/trace.ts'
import { type Execution, traceOf } from '../../sim/scenario.ts'
import { appOf } from '../deployed.ts'
import { InMemory } from '../in-memory.ts'

const model = { ...INSTANCES_MODEL, coldStart: SECOND }

async function own(name: string): Promise<PolicyDefinition> {
  const path = fileURLToPath(new URL(`../../../experiments/${name}.ts`, import.meta.url))
  return (await loadOwnPolicyHere(path, 'policies[0]')).definition as PolicyDefinition
}

/** A fleet of apps under a policy that may ask to be asked again; its instances take a second to start. */
function fleetOf(names: readonly string[], make: (context: ReturnType<typeof contextOf>) => Policy): InMemory {
  const apps = names.map((name) => appOf('process', 'http', 'http-server', { name, functions: ['f', 'g'] }))
  const askAgain = new AskAgain()
  const policy = make(contextOf(new Directory(apps), 1, 0, askAgain.ask))
  const world = new InMemory(names.length, model, policy, SECOND)
  askAgain.connect(world.fleet)
  return world
}

function liveLedger(trace: Trace, policy: PolicyDefinition, params: object): Ledger {
  const names = Array.from({ length: trace.apps.count }, (_, app) => trace.apps.name.at(app))
  const world = fleetOf(names, (context) => policy.create(params as never, context))
  const arrivals = arrivalsInTime(trace, 'minute', 1)
  const { block } = arrivals
  for (let rows = arrivals.next(); rows >= 0; rows = arrivals.next()) {
    for (let row = 0; row < rows; row += 1)
      world.arrive(block.app[row]!, block.fn[row]!, block.timeMs[row]!, block.durationMs[row]!)
  }
  return world.close(trace.horizonMs)
}

const PARAMS = {
  followers: { keepAlive: 5 * MINUTE, within: 5 * MINUTE, likely: 50, least: 2 },
  'by-demand': { every: MINUTE, periods: 3 },
} as const

/** Keeps an app for 3 s, and once "a" is called asks for row `other` at `later` ms after it. */
const asking = (other: number, later: number) => (context: ReturnType<typeof contextOf>) => ({
  arrived: (app: number, now: number) => void (app === 0 && context.askAgain!(other, now + later)),
  decide: (_app: number, _now: number, out: object) =>
    void Object.assign(out, { prewarmMs: 0, keepAliveMs: 3 * SECOND }),
})

describe('a policy in front of live instances that asks to be asked again', () => {
  for (const [name, params] of Object.entries(PARAMS)) {
    it(`has the accounts of its simulation: experiments/${name}.ts`, async () => {
      const policy = await own(name)
      const call = fc.tuple(
        fc.integer({ min: 0, max: 40 * 60 }).map((seconds) => seconds * SECOND),
        fc.integer({ min: 1, max: 90 * SECOND }),
        fc.constantFrom('a', 'b', 'c'),
      )
      let idleMs = 0
      fc.assert(
        fc.property(fc.array(call, { minLength: 1, maxLength: 60 }), (calls) => {
          const trace = traceOf(calls as Execution[], 60 * MINUTE)
          const expected = runSimulation({ trace, model, policy, params, seed: 1, replay: 'by-time' })
          const found = liveLedger(trace, policy, params)
          for (const account of ACCOUNTS) expect([account, ...found[account]]).toEqual([account, ...expected[account]])
          idleMs += expected.idleMs.reduce((sum, ms) => sum + ms, 0)
        }),
        { seed: 1, numRuns: 60 },
      )
      expect(idleMs).toBeGreaterThan(0)
    })
  }

  it('has another app loaded when its time has come, by a clock that wakes the fleet for it', () => {
    const world = fleetOf(['a', 'b'], asking(1, 20 * SECOND))
    world.arrive(0, 0, SECOND, 100)
    expect(world.fleet.nextDue).toBe(21 * SECOND)
    world.until(60 * SECOND)
    // Loaded from 21 s to 22 s; its 3 s count from the moment at which it was asked for.
    expect(world.ended).toEqual(['0@5100', '1@24000'])
    expect([...world.fleet.ledger.prewarms]).toEqual([0, 1])
  })

  it('is refused a time that has passed for the fleet, and an app that is none', () => {
    // "b" has another concurrency, and so an engine that has heard nothing yet.
    for (const [other, later] of [
      [1, -500],
      [1, Number.NaN],
      [7, 0],
      [0.5, 0],
    ] as const) {
      const world = fleetOf(['a', 'b'], asking(other, later))
      world.fleet.enter(1, 5, 1, 0)
      expect(() => world.arrive(0, 0, SECOND, 100)).toThrow(BadAnswer)
    }
  })
})
