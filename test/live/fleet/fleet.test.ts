import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AskAgain } from '../../../src/engine/ask-again.ts'
import { COLD, WARM } from '../../../src/engine/outcomes.ts'
import { ACCOUNTS, createLedger, type Ledger } from '../../../src/engine/ledger.ts'
import { Fleet, type Orders } from '../../../src/live/fleet/fleet.ts'
import { defaultsOf } from '../../../src/policy/parameters.ts'
import { policies } from '../../../src/policy/policies/index.ts'
import type { Policy, PolicyDefinition } from '../../../src/policy/policy.ts'
import { CLUSTER_MODEL, INSTANCES_MODEL, type ClusterModel, type InstancesModel } from '../../../src/sim/model.ts'
import { runSimulation } from '../../../src/sim/simulation.ts'
import { arrivalsInTime } from '../../../src/trace/arrivals/arrivals-in-time.ts'
import type { Trace } from '../../../src/trace/trace.ts'
import { answers, type Execution, leavesStages, linesUp, traceOf } from '../../sim/scenario.ts'
import { execution, InMemory, optionsOf, policyFor, windows, worlds } from '../in-memory.ts'
import { examples } from '../../examples.ts'

function liveLedger(
  trace: Trace,
  definition: PolicyDefinition,
  model: InstancesModel | ClusterModel,
  isLate = false,
): Ledger {
  const askAgain = new AskAgain()
  const policy = policyFor(definition, trace, askAgain.ask)
  const world = new InMemory(trace.apps.count, model, policy, model.coldStart as number)
  askAgain.connect(world.fleet)
  world.isLate = isLate
  const arrivals = arrivalsInTime(trace, 'minute', 1)
  const { block } = arrivals
  for (let rows = arrivals.next(); rows >= 0; rows = arrivals.next()) {
    for (let row = 0; row < rows; row += 1) {
      world.arrive(block.app[row]!, block.fn[row]!, block.timeMs[row]!, block.durationMs[row]!)
    }
  }
  return world.close(trace.horizonMs)
}

function expectSameAccounts(found: Ledger, expected: Ledger): void {
  for (const account of ACCOUNTS) expect([account, ...found[account]]).toEqual([account, ...expected[account]])
}

/** What leaves something of instances whose windows are over, or has invocations wait, is refused live. */
const isTaken = (policy: PolicyDefinition): boolean => !leavesStages(policy) && !linesUp(policy)

describe('the fleet with a clock and instances of the test', () => {
  it("has the by-app driver's accounts on events dense in ties and overlaps", () => {
    fc.assert(
      fc.property(fc.array(execution, { minLength: 1, maxLength: 40 }), windows, worlds, (rows, given, world) => {
        const trace = traceOf(rows as Execution[], 80)
        const model = { ...INSTANCES_MODEL, ...world }
        const policy = answers(...given)
        const expected = runSimulation({ trace, model, policy, params: {}, seed: 1, replay: 'by-app' })
        expectSameAccounts(liveLedger(trace, policy, model), expected)
      }),
      { numRuns: examples(1500) },
    )
  })

  it("has the time-ordered driver's accounts where memory is short and who finds none is dropped", () => {
    const memory = fc.integer({ min: 1, max: 4 })
    fc.assert(
      fc.property(
        fc.array(execution, { minLength: 1, maxLength: 40 }),
        windows,
        worlds,
        memory,
        (rows, given, world, memoryMb) => {
          const trace = traceOf(rows as Execution[], 80)
          const nodes = [{ count: 1, memoryMb }]
          const model: ClusterModel = { ...CLUSTER_MODEL, ...world, nodes, eviction: 'lru', overflow: 'drop' }
          const policy = answers(...given)
          const expected = runSimulation({ trace, model, policy, params: {}, seed: 1, replay: 'by-time' })
          expectSameAccounts(liveLedger(trace, policy, model), expected)
        },
      ),
      { numRuns: examples(1000) },
    )
  })

  it('has them however late the clock is, where starts take no time: what was due before a fact happens before it', () => {
    fc.assert(
      fc.property(fc.array(execution, { minLength: 1, maxLength: 40 }), windows, worlds, (rows, given, world) => {
        const trace = traceOf(rows as Execution[], 80)
        const model = { ...INSTANCES_MODEL, ...world, coldStart: 0 }
        const policy = answers(...given)
        const expected = runSimulation({ trace, model, policy, params: {}, seed: 1, replay: 'by-app' })
        expectSameAccounts(liveLedger(trace, policy, model, true), expected)
      }),
      { numRuns: examples(500) },
    )
  })

  it('has them under every policy on traces of hours', () => {
    const hours = fc.array(
      fc.tuple(
        fc.integer({ min: 0, max: 6 * 3_600_000 }),
        fc.integer({ min: 0, max: 90_000 }),
        fc.constantFrom('a', 'b'),
      ),
      { minLength: 1, maxLength: 120 },
    )
    const listed = policies.all.filter((policy) => policy.needs.length === 0 && isTaken(policy))
    fc.assert(
      fc.property(hours, fc.constantFrom(...listed), fc.integer({ min: 0, max: 4000 }), (rows, policy, coldStart) => {
        const trace = traceOf(rows as unknown as Execution[], 8 * 3_600_000)
        const model = { ...INSTANCES_MODEL, coldStart }
        const params = defaultsOf(policy.parameters)
        const expected = runSimulation({ trace, model, policy, params, seed: 1, replay: 'by-time' })
        expectSameAccounts(liveLedger(trace, policy, model), expected)
      }),
      { numRuns: examples(200) },
    )
  })
})

describe('a fleet with unlike concurrencies', () => {
  it('keeps each app to its own', () => {
    const started: number[] = []
    const trace = traceOf(
      [
        [0, 0],
        [0, 0, 'b'],
      ],
      1,
    )
    const fleet = new Fleet<string>(
      { ...optionsOf(2, { ...INSTANCES_MODEL, whileLoading: 'join' }), concurrency: [1, 2] },
      policyFor(answers([0, 10]), trace),
      createLedger(2, 0),
      { start: (app) => void started.push(app), stop() {}, run() {} },
    )
    const outcomes = [0, 1].flatMap((app) => [1, 2].map((now) => fleet.arrive(app, 0, now * (1 + app * 9), 'call')))
    expect(started).toEqual([0, 0, 1])
    expect(outcomes.map(({ reason }) => reason)).toEqual(['first', 'scaleOut', 'first', undefined])
    expect(outcomes.map(({ outcome }) => outcome === COLD)).toEqual([true, true, true, false])
    expect(outcomes.every(({ outcome }) => outcome !== WARM)).toBe(true)
  })
})

describe('a fleet that begins long after the origin of its clock', () => {
  it('asks for floors from then on, and holds nothing for the time before', () => {
    const asked: number[] = []
    const started: string[] = []
    const policy: Policy = {
      arrived() {},
      decide() {},
      floor(_app, now, out) {
        asked.push(now)
        Object.assign(out, { instances: 1, untilMs: now + 100 })
      },
    }
    const orders: Orders<unknown> = {
      start: (app, _instance, now) => void started.push(`${app}@${now}`),
      stop() {},
      run() {},
    }
    const options = { ...optionsOf(2, INSTANCES_MODEL), sinceMs: 5000 }
    const fleet = new Fleet(options, policy, createLedger(2, 0), orders)
    expect(fleet.nextDue).toBe(5000)
    fleet.advance(5150)
    expect(started).toEqual(['0@5000', '1@5000'])
    expect(asked).toEqual([5000, 5000, 5100, 5100])
  })
})
