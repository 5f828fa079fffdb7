import { policies } from '../src/policy/policies/index.ts'
import { CLUSTER_MODEL } from '../src/sim/model.ts'
import { inlineMore } from '../src/sim/workers/inlining.ts'
import { runSimulation } from '../src/sim/simulation.ts'
import { appsFor, synthesizeTrace } from '../src/trace/synth/index.ts'
import { millionsPerSecond, show } from './figure.ts'

// A day of 20 million invocations of 35 thousand functions on a cluster that evicts, on one core, and the memory of the
// whole process; the plain way is the engine driven in time order.
inlineMore()
const apps = appsFor({ functions: 35_000, days: 1, seed: 1 })
const trace = synthesizeTrace({ apps, days: 1, seed: 1, invocationsPerDay: 20e6 })
const nodes = [{ count: 64, memoryMb: 64 * 1024 }]
const policy = policies.get('no-unload', 'bench')
console.log(`${trace.functions.count} functions, ${trace.apps.count} apps, ${trace.invocations} invocations`)

for (const [eviction, atLeast] of [
  ['lru', 3],
  ['greedy-dual', 2],
] as const) {
  const model = { ...CLUSTER_MODEL, nodes, eviction }
  const run = (replay?: 'by-time') => () => {
    const ledger = runSimulation({
      trace,
      model,
      policy,
      params: {},
      seed: 1,
      ...(replay === undefined ? {} : { replay }),
    })
    const evicted = ledger.evictions.reduce((sum, count) => sum + count, 0)
    if (evicted === 0) throw new Error('nothing was evicted: the nodes are too large to measure anything')
  }
  const value = millionsPerSecond(trace.invocations, run(), 5)
  const plain = { name: 'the engine', value: millionsPerSecond(trace.invocations, run('by-time'), 1) }
  show({ name: `cluster of 64 nodes, no-unload, ${eviction}`, value, unit: 'M invocations/s', atLeast, plain })
}
show({ name: 'peak memory of the process', value: process.resourceUsage().maxRSS / 1024, unit: 'MB', atMost: 1536 })
