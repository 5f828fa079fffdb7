import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { Ledger } from '../../../src/engine/ledger.ts'
import { fixed } from '../../../src/policy/policies/fixed.ts'
import { policies } from '../../../src/policy/policies/index.ts'
import { defaultsOf } from '../../../src/policy/parameters.ts'
import { CLUSTER_MODEL, INSTANCES_MODEL, PAPER_MODEL } from '../../../src/sim/model.ts'
import { type Outcome, simulationPool } from '../../../src/sim/workers/pool.ts'
import { runSimulation } from '../../../src/sim/simulation.ts'
import { TraceBuilder } from '../../../src/trace/build/builder.ts'
import { answers, expectEqual } from '../scenario.ts'

const folder = mkdtempSync(join(tmpdir(), 'pilotlight-pool-'))
afterAll(() => rmSync(folder, { recursive: true }))

function manyApps() {
  const builder = new TraceBuilder({ id: 'many', format: 'azure-2019' })
  for (let app = 0; app < 90; app += 1) {
    for (let fn = 0; fn <= app % 3; fn += 1) {
      const row = builder.functionRow('owner', `app${app}`, `${app}-${fn}`)
      for (let minute = (app * 7) % 11; minute < 600; minute += 1 + ((app + fn) % 37))
        builder.addCount(row, minute, 1 + (app % 4))
      builder.addDuration(row, 100 + 37 * app, 1)
    }
    builder.addMemory('owner', `app${app}`, 100 + app / 7, 1)
  }
  return builder.build(600 * 60_000, { files: [], defects: [] })
}

describe('a pool of workers', () => {
  const trace = manyApps()

  // Every policy in every model, with other numbers of workers: test/determinism.
  it('gives the same bits as one thread does, with 1, 2 or 3 workers', async () => {
    for (const jobs of [1, 2, 3]) {
      const pool = simulationPool(trace, jobs, 1)
      for (const model of [PAPER_MODEL, { ...INSTANCES_MODEL, unit: 'function' } as const]) {
        for (const id of ['fixed', 'hybrid-histogram']) {
          const policy = policies.get(id, 'test')
          const simulation = { model, policy, params: defaultsOf(policy.parameters), seed: 7 }
          expectEqual(await pool.simulate(simulation), runSimulation({ trace, ...simulation }))
        }
      }
      await pool.close()
    }
  })

  it('gives the same bits where accounts begin later', async () => {
    for (const model of [PAPER_MODEL, INSTANCES_MODEL]) {
      const simulation = { model, policy: fixed, seed: 7, accountFromMs: 250 * 60_000 }
      const alone = runSimulation({ trace, ...simulation })
      const pool = simulationPool(trace, 2, 1)
      const found = await pool.simulate(simulation)
      await pool.close()
      expectEqual(found, alone)
      expect(found.accountFromMs).toBe(250 * 60_000)
      const whole = runSimulation({ trace, ...simulation, accountFromMs: 0 })
      expect(found.invocations[0]).toBeLessThan(whole.invocations[0]!)
    }
  })

  it('runs a cluster whole, as its apps share memory, and gives the same bits', async () => {
    const model = { ...CLUSTER_MODEL, nodes: [{ count: 2, memoryMb: 1024 }], eviction: 'greedy-dual' }
    const simulation = { model, policy: fixed, params: defaultsOf(fixed.parameters), seed: 7 }
    const alone = runSimulation({ trace, ...simulation })
    expect(alone.evictions.some((count) => count > 0)).toBe(true)
    const pool = simulationPool(trace, 2, 1)
    expectEqual(await pool.simulate(simulation), alone)
    await pool.close()
  })

  it('gives latencies of every app that was invoked, for all its invocations', async () => {
    const simulation = { model: INSTANCES_MODEL, policy: fixed, params: defaultsOf(fixed.parameters), seed: 7 }
    const pool = simulationPool(trace, 2, 1)
    const { latency, invocations } = await pool.simulate(simulation)
    await pool.close()
    expect(latency!.count.reduce((sum, count) => sum + count, 0)).toBe(
      3 * invocations.reduce((sum, count) => sum + count, 0),
    )
    expect(latency!.first.every((start, row, all) => row === 0 || start > all[row - 1]!)).toBe(true)
  })

  it("loads a user's own policy from its file in every worker, and reports progress to the end", async () => {
    const file = join(folder, 'two-minutes.mjs')
    writeFileSync(
      file,
      `export default { id: 'two-minutes', summary: 'Two.', parameters: {}, scope: 'app', needs: [], create: () => ({
         arrived() {}, decide(app, now, out) { out.prewarmMs = 0; out.keepAliveMs = 120000 } }) }`,
    )
    const pool = simulationPool(trace, 2, 1)
    const done: number[] = []
    const onProgress = (share: number): void => void done.push(share)
    const simulation = { model: PAPER_MODEL, policy: answers([0, 120_000]), params: {}, seed: 1 }
    const ledger = await pool.simulate({ ...simulation, policyFile: { file }, onProgress })
    await pool.close()
    expectEqual(ledger, runSimulation({ trace, ...simulation }))
    expect(done.at(-1)).toBe(1)
    expect(done).toEqual(done.toSorted((a, b) => a - b))
  })

  it('gives each of many simulations what it has alone, whatever shares a pass and however many workers there are', async () => {
    const models = [
      PAPER_MODEL,
      INSTANCES_MODEL,
      { ...PAPER_MODEL, spread: 'uniform', horizon: 'expire' },
      { ...INSTANCES_MODEL, unit: 'function' },
      { ...CLUSTER_MODEL, nodes: [{ count: 2, memoryMb: 1024 }] },
    ] as const
    const ids = ['fixed', 'hybrid-histogram'].map((id) => policies.get(id, 'test'))
    const simulations = models.flatMap((model) =>
      ids.flatMap((policy) =>
        [{ seed: 7 }, { seed: 8, accountFromMs: 60 * 60_000 }].map((rest) => ({ model, policy, ...rest })),
      ),
    )
    const alone = simulations.map((simulation) => runSimulation({ trace, ...simulation }))
    for (const { jobs, copies } of [
      { jobs: 1, copies: true },
      { jobs: 3, copies: true },
      { jobs: 3, copies: false },
    ]) {
      const pool = simulationPool(trace, jobs, 1)
      const kept = new Map<number, Ledger>()
      const begun = new Set<number>()
      const shares: number[] = []
      const found = new Set<number>()
      await pool.simulateAll(simulations, {
        copies,
        begins: (place) => void begun.add(place),
        ends(place, outcome) {
          expect(begun.has(place)).toBe(true)
          expect(found.has(place)).toBe(false)
          found.add(place)
          // Where it copies, the memory serves another one afterwards.
          if ('failure' in outcome) throw outcome.failure
          expectEqual(outcome.ledger, alone[place]!)
          if (!copies) kept.set(place, outcome.ledger)
        },
        progresses: (share) => void shares.push(share),
      })
      await pool.close()
      expect(found.size).toBe(simulations.length)
      for (const [place, ledger] of kept) expectEqual(ledger, alone[place]!)
      expect(shares.at(-1)).toBe(1)
      expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    }
  })

  it('tells of each failure, and stops nobody else', async () => {
    const bad = { ...answers([-1, 0]), id: 'bad' }
    for (const jobs of [1, 2]) {
      const pool = simulationPool(trace, jobs, 1)
      const outcomes = new Map<number, Outcome>()
      const common = { model: PAPER_MODEL, seed: 1 }
      // Without a file, a worker does not know the policy; the parameter is out of range in both.
      const simulations = [
        { ...common, policy: fixed, params: {} },
        { ...common, policy: jobs === 1 ? bad : fixed, params: jobs === 1 ? {} : { keepAlive: -1 } },
        { ...common, policy: fixed, params: { keepAlive: 5 } },
      ]
      await pool.simulateAll(simulations, { ends: (place, outcome) => void outcomes.set(place, outcome) })
      await pool.close()
      expect(outcomes.get(1)).toMatchObject({ failure: { name: 'UserError' } })
      for (const place of [0, 2]) {
        const outcome = outcomes.get(place)!
        if (!('ledger' in outcome)) throw new Error('it failed')
        expectEqual(
          outcome.ledger,
          runSimulation({ trace, ...common, policy: fixed, params: simulations[place]!.params }),
        )
      }
    }
  })

  it('begins no more work once the listener throws, and throws that', async () => {
    const pool = simulationPool(trace, 1, 1)
    const simulations = [1, 2, 3].map((seed) => ({ model: INSTANCES_MODEL, policy: fixed, seed }))
    let over = 0
    const all = pool.simulateAll(simulations, {
      ends() {
        over += 1
        throw new Error('the store is gone')
      },
    })
    await expect(all).rejects.toThrow('the store is gone')
    expect(over).toBe(1)
    await pool.close()
  })

  it('hands what a user can fix from the worker to the caller as such', async () => {
    const file = join(folder, 'negative.mjs')
    writeFileSync(
      file,
      `export default { id: 'answers', summary: 'Bad.', parameters: {}, scope: 'app', needs: [], create: () => ({
         arrived() {}, decide(app, now, out) { out.prewarmMs = -1 } }) }`,
    )
    const pool = simulationPool(trace, 2, 1)
    const run = pool.simulate({
      model: PAPER_MODEL,
      policy: answers([0, 0]),
      policyFile: { file },
      params: {},
      seed: 1,
    })
    await expect(run).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining('prewarmMs to a number of ms from 0 to Infinity, found -1'),
    })
    await pool.close()
  })
})
