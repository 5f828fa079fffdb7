import { defaultsOf } from '../src/policy/parameters.ts'
import { policies } from '../src/policy/policies/index.ts'
import { INSTANCES_MODEL } from '../src/sim/model.ts'
import { inlineMore } from '../src/sim/workers/inlining.ts'
import { runSimulation } from '../src/sim/simulation.ts'
import { appsFor, synthesizeTrace } from '../src/trace/synth/index.ts'
import { millionsPerSecond, show } from './figure.ts'

// A day of 20 million invocations of 35 thousand functions in the model `instances`, on one core, and the memory of the
// whole process; the plain way is the same engine driven in time order over all apps at once.
inlineMore()
const apps = appsFor({ functions: 35_000, days: 1, seed: 1 })
const trace = synthesizeTrace({ apps, days: 1, seed: 1, invocationsPerDay: 20e6 })
console.log(`${trace.functions.count} functions, ${trace.apps.count} apps, ${trace.invocations} invocations`)

for (const [id, atLeast] of [
  ['fixed', 10],
  ['hybrid-histogram', 6],
] as const) {
  const policy = policies.get(id, 'bench')
  const run = (spread: 'uniform' | 'even', replay: 'instances' | 'by-time') => () => {
    const params = defaultsOf(policy.parameters)
    const ledger = runSimulation({ trace, model: { ...INSTANCES_MODEL, spread }, policy, params, seed: 1, replay })
    const invocations = ledger.invocations.reduce((sum, count) => sum + count, 0)
    if (invocations !== trace.invocations) throw new Error(`${invocations} of ${trace.invocations} were simulated`)
  }
  const values = (['uniform', 'even'] as const).map((spread) => {
    const value = millionsPerSecond(trace.invocations, run(spread, 'instances'), 6)
    return { name: `instances model, ${id}, spread ${spread}`, value, unit: 'M invocations/s', atLeast }
  })
  // Last, for it shapes the code that it shares with the other order.
  const plain = { name: 'in time order', value: millionsPerSecond(trace.invocations, run('uniform', 'by-time'), 1) }
  for (const value of values) show({ ...value, plain })
}
show({ name: 'peak memory of the process', value: process.resourceUsage().maxRSS / 1024, unit: 'MB', atMost: 1024 })
