import { createLedger } from '../src/engine/ledger.ts'
import { policies } from '../src/policy/policies/index.ts'
import { INSTANCES_MODEL, type Model, PAPER_MODEL } from '../src/sim/model.ts'
import { runSimulation, simulateTogether } from '../src/sim/simulation.ts'
import { inlineMore } from '../src/sim/workers/inlining.ts'
import { appsFor, synthesizeTrace } from '../src/trace/synth/index.ts'
import { millionsPerSecond, show } from './figure.ts'

// Eight runs that one pass over the arrivals feeds, on one core, each run counted; the plain way is one run after the
// other. Several classes of policies have been at work before, as in an experiment: V8 then finds their methods more slowly.
inlineMore()
const MINUTE = 60_000
const apps = appsFor({ functions: 7000, days: 1, seed: 1 })
const trace = synthesizeTrace({ apps, days: 1, seed: 1, invocationsPerDay: 4e6 })
if (trace.arrivals.kind !== 'counts') throw new Error('a synthetic trace has counts')
console.log(`${trace.functions.count} functions, ${trace.apps.count} apps, ${trace.invocations} invocations`)
for (const policy of policies.all.slice(0, 5)) runSimulation({ trace, model: PAPER_MODEL, policy, seed: 1 })

const SWEEPS = {
  fixed: [5, 10, 20, 30, 45, 60, 90, 120].map((minutes) => ({ keepAlive: minutes * MINUTE })),
  'hybrid-histogram': [2, 3, 4, 5, 6, 7, 8, 9].map((hours) => ({ range: hours * 60 * MINUTE })),
}
const TARGETS = { paper: { fixed: 150, 'hybrid-histogram': 40 }, instances: { fixed: 20, 'hybrid-histogram': 10 } }
const counted = { paper: trace.arrivals.firstCell.at(-1)!, instances: trace.invocations }

for (const kind of ['paper', 'instances'] as const) {
  for (const id of ['fixed', 'hybrid-histogram'] as const) {
    const model: Model = kind === 'paper' ? PAPER_MODEL : INSTANCES_MODEL
    const simulations = SWEEPS[id].map((params) => ({
      trace,
      model,
      policy: policies.get(id, 'bench'),
      params,
      seed: 1,
    }))
    const together = (): void => {
      const participants = simulations.map((simulation) => ({
        simulation,
        ledger: createLedger(trace.apps.count, trace.horizonMs),
      }))
      const failures = simulateTogether(participants, { from: 0, to: trace.apps.count })
      for (const failure of failures) if (failure !== undefined) throw failure
    }
    const all = counted[kind] * simulations.length
    show({
      name: `${kind} model, eight runs of ${id} in one pass`,
      value: millionsPerSecond(all, together, 3),
      unit: kind === 'paper' ? 'M cells/s' : 'M invocations/s',
      atLeast: TARGETS[kind][id],
      plain: {
        name: 'one by one',
        value: millionsPerSecond(all, () => simulations.map((simulation) => runSimulation(simulation)), 2),
      },
    })
  }
}
