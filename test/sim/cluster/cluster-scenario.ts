import type { Ledger } from '../../../src/engine/ledger.ts'
import { demandSound } from '../../../src/metrics/check-ledger.ts'
import { definePolicy, type PolicyDefinition } from '../../../src/policy/policy.ts'
import { CLUSTER_MODEL, type ClusterModel } from '../../../src/sim/model.ts'
import { runSimulation } from '../../../src/sim/simulation.ts'
import { TraceBuilder } from '../../../src/trace/build/builder.ts'
import type { Trace } from '../../../src/trace/trace.ts'
import { answers, type Execution } from '../scenario.ts'

/** What apps are like: MB of an instance, and how long loading one takes in ms (default 0). */
export type Apps = Readonly<Record<string, readonly [memoryMb: number, coldStartMs?: number]>>

/** A trace of executions of these apps; those that are never invoked are left out of it. */
export function traceWith(apps: Apps, executions: readonly Execution[], horizonMs: number): Trace {
  const builder = new TraceBuilder({ id: 'scenario', format: 'events' })
  for (const [start, duration, app = 'a', fn = 'f'] of executions) {
    const [memoryMb, coldStartMs = 0] = apps[app]!
    const row = builder.functionRow('', app, fn)
    builder.addEvent(row, start, duration)
    builder.addMemory('', app, memoryMb, 1)
    builder.addColdStart(row, coldStartMs)
  }
  return builder.build(horizonMs, { files: [], defects: [] })
}

/** Instances stay until they are evicted. */
export const forever: PolicyDefinition = answers([0, Number.POSITIVE_INFINITY])

/** Windows of each app, in the order of their names. */
export function windowsOf(
  ...windows: readonly (readonly [prewarmMs: number, keepAliveMs: number])[]
): PolicyDefinition {
  return definePolicy({
    id: 'windows',
    summary: 'Gives each app its windows.',
    parameters: {},
    scope: 'app',
    needs: [],
    create: () => ({
      arrived() {},
      decide(app, _now, out) {
        const [prewarmMs, keepAliveMs] = windows[app]!
        out.prewarmMs = prewarmMs
        out.keepAliveMs = keepAliveMs
      },
    }),
  })
}

/** One node of so many MB. */
export function oneNode(memoryMb: number): ClusterModel['nodes'] {
  return [{ count: 1, memoryMb }]
}

/** Simulates a cluster, and demands that the accounts are sound. */
export function runCluster(
  trace: Trace,
  policy: PolicyDefinition,
  options: Partial<ClusterModel> & Pick<ClusterModel, 'nodes'>,
  seed = 1,
): Ledger {
  const ledger = runSimulation({ trace, model: { ...CLUSTER_MODEL, ...options }, policy, params: {}, seed })
  demandSound(ledger, policy.id)
  return ledger
}
