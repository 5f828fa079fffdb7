import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { IDLE } from '../../../src/engine/app-lifecycle.ts'
import { ACCOUNTS, type Ledger, loadedMb } from '../../../src/engine/ledger.ts'
import { demandSound } from '../../../src/metrics/check-ledger.ts'
import { defaultsOf } from '../../../src/policy/parameters.ts'
import { policies } from '../../../src/policy/policies/index.ts'
import type { PolicyDefinition } from '../../../src/policy/policy.ts'
import { instanceUnits } from '../../../src/sim/cluster/memory-units.ts'
import { type Model, SPREADS } from '../../../src/sim/model.ts'
import { runSimulation } from '../../../src/sim/simulation.ts'
import type { ClusterWorld } from '../../../src/sim/cluster/cluster-world.ts'
import { TraceBuilder } from '../../../src/trace/build/builder.ts'
import type { Trace } from '../../../src/trace/trace.ts'
import { answers, expectEqual, leavesStages, linesUp } from '../scenario.ts'
import { ampleModels, apps, executions, tightModels, traceOfDense, windows } from './dense-scenarios.ts'
import { replayPlainly } from './plain-driver.ts'
import { UserError } from '../../../src/core/user-error.ts'
import { examples } from '../../examples.ts'

function run(trace: Trace, model: Model, policy: PolicyDefinition, seed = 1): Ledger {
  const ledger = runSimulation({ trace, model, policy, params: defaultsOf(policy.parameters), seed })
  demandSound(ledger, policy.id)
  return ledger
}

function total(column: Float64Array): number {
  return column.reduce((sum, value) => sum + value, 0)
}

/** What is on each node according to the engine's instances, beside what the cluster's table says. */
function nodesOf({ engine, cluster }: ClusterWorld, memoryMb: Float64Array) {
  const { nodes } = cluster
  const loaded = new Float64Array(nodes.count)
  const idle = new Float64Array(nodes.count)
  for (const { lifecycle, state, number } of engine.instances.all) {
    if (lifecycle === null) continue
    const node = cluster['place'][number]! >> 1
    const units = instanceUnits(memoryMb[lifecycle.app]!)
    loaded[node]! += units
    if (state === IDLE) idle[node]! += units
  }
  return { loaded, idle, free: nodes.memory.map((units, node) => units - loaded[node]!) }
}

describe('a cluster', () => {
  it('never holds more than its memory on any node, and every MB is free, idle or at work, at every event', () => {
    fc.assert(
      fc.property(apps, executions, windows, tightModels, (given, rows, answered, model) => {
        const trace = traceOfDense(given, rows)
        const wrong: object[] = []
        replayPlainly({ trace, model, policy: answers(...answered), seed: 1 }, (world) => {
          const { cluster } = world
          const { idle, free } = nodesOf(world, trace.apps.memoryMb)
          const isRight = (units: number, node: number): boolean =>
            units >= 0 && units === cluster.nodes.free[node] && idle[node] === cluster.nodes.idle[node]
          if (!free.every(isRight)) wrong.push({ free, idle, table: structuredClone(cluster.nodes) })
        })
        expect(wrong).toEqual([])
      }),
      { numRuns: examples(600) },
    )
  })

  it('is replayed just as by looking, before every event, at all that could be next', () => {
    let compared = 0
    fc.assert(
      fc.property(apps, executions, windows, tightModels, fc.nat(), (given, rows, answered, model, seed) => {
        const trace = traceOfDense(given, rows)
        const policy = answers(...answered)
        const { ledger, isAmbiguous } = replayPlainly({ trace, model, policy, seed }, () => {})
        if (isAmbiguous) return
        compared += 1
        const found = run(trace, model, policy, seed)
        expectEqual({ ...found, latency: null }, ledger)
      }),
      { numRuns: examples(700) },
    )
    expect(compared).toBeGreaterThan(examples(200))
  })

  it('keeps accounts in which every invocation is served once or dropped, and every ms of an instance is told', () => {
    fc.assert(
      fc.property(apps, executions, windows, tightModels, (given, rows, answered, model) => {
        const whole = answered.map(([a, b]) => [Math.floor(a), Math.floor(b)] as const)
        // Cut at the end of a bucket, so that the timeline covers the accounts whole.
        const trace = traceOfDense(given, rows, 60_000)
        const ledger = run(trace, { ...model, horizon: 'cut' }, answers(...whole))
        for (let app = 0; app < ledger.apps; app += 1) {
          const { latency } = ledger
          const served = latency!.count.slice(latency!.first[3 * app]!, latency!.first[3 * app + 1]!)
          expect(served.every((count) => count > 0)).toBe(true)
          expect(total(served)).toBe(ledger.invocations[app]! - ledger.drops[app]!)
        }
        const used = ['busyMs', 'idleMs', 'loadingMs'] as const
        const megabytes = (app: number): number =>
          used.reduce((sum, account) => sum + ledger[account][app]!, 0) * trace.apps.memoryMb[app]!
        const accounted = Array.from({ length: ledger.apps }, (_, app) => megabytes(app))
        const resident = total(loadedMb(ledger.timeline, 60_000)) * ledger.timeline.bucketMs
        expect(resident).toBeCloseTo(
          accounted.reduce((sum, mbMs) => sum + mbMs, 0),
          6,
        )
      }),
      { numRuns: examples(500) },
    )
  })

  it('is the same whatever the order of apps in the source, and however often it is simulated', () => {
    fc.assert(
      fc.property(apps, executions, windows, tightModels, fc.nat(), (given, rows, answered, model, seed) => {
        const policy = answers(...answered)
        const ledger = run(traceOfDense(given, rows), model, policy, seed)
        // Only rows of one app keep their order.
        const byApp = rows.toSorted(([, , one], [, , other]) => (one! < other! ? 1 : one! > other! ? -1 : 0))
        expectEqual(run(traceOfDense(given, byApp), model, policy, seed), ledger)
        expectEqual(run(traceOfDense(given, rows), model, policy, seed), ledger)
      }),
      { numRuns: examples(300) },
    )
  })
})

describe('a cluster with memory for everything', () => {
  it('equals the model of instances account for account', () => {
    fc.assert(
      fc.property(apps, executions, windows, ampleModels, (given, rows, answered, model) => {
        const trace = traceOfDense(given, rows)
        const policy = answers(...answered)
        expectEqual(run(trace, model, policy), run(trace, { ...model, kind: 'instances' } as Model, policy))
      }),
      { numRuns: examples(600) },
    )
  })

  it('does so on minute counts under every policy too', () => {
    const cell = fc.tuple(
      fc.nat({ max: 59 }),
      fc.integer({ min: 1, max: 5 }),
      fc.constantFrom('a', 'b'),
      fc.constantFrom('f', 'g'),
    )
    const cells = fc.array(cell, { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(
        cells,
        fc.constantFrom(...SPREADS),
        fc.constantFrom(...policies.all),
        ampleModels,
        fc.nat(),
        (given, spread, policy, options, seed) => {
          const trace = countsOf(given)
          // What is left of instances in stages lies on their node, and loads on another one cannot begin from it.
          const { nodes } = leavesStages(policy) ? ONE_NODE : options
          const model = { ...options, nodes, spread, coldStart: { medianMs: 400, p99Ms: 6000 } }
          const ledger = unlessRefused(() => run(trace, model, policy, seed))
          expectEqual(ledger, run(trace, { ...model, kind: 'instances' } as Model, policy, seed))
          // Those who wait for a busy instance do so with memory for everything too, up to the end of the accounts.
          const none = linesUp(policy) ? /^evict/ : /^(evict|drops|wait)/
          expect(ACCOUNTS.filter((account) => none.test(account) && total(ledger[account]) > 0)).toEqual([])
        },
      ),
      { numRuns: examples(200) },
    )
  })
})

const ONE_NODE = { nodes: [{ count: 1, memoryMb: 65_536 }] } as const

/** A policy that keeps every idle instance for a time of its own refuses models that contradict it: draws another one. */
function unlessRefused<T>(action: () => T): T {
  try {
    return action()
  } catch (error) {
    fc.pre(!(error instanceof UserError && error.message.includes('contradicts')))
    throw error
  }
}

function countsOf(cells: readonly (readonly [number, number, string, string])[]): Trace {
  const builder = new TraceBuilder({ id: 'counts', format: 'azure-2019' })
  for (const [minute, count, app, fn] of cells) {
    const row = builder.functionRow('', app, fn)
    builder.addCount(row, minute, count)
    builder.addDuration(row, 700 * fn.charCodeAt(0) - 70_000, 1)
    builder.addMemory('', app, 100, 1)
  }
  return builder.build(60 * 60_000, { files: [], defects: [] })
}
