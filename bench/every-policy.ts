import { defaultsOf } from '../src/policy/parameters.ts'
import { policies } from '../src/policy/policies/index.ts'
import { INSTANCES_MODEL, PAPER_MODEL } from '../src/sim/model.ts'
import { inlineMore } from '../src/sim/workers/inlining.ts'
import { runSimulation } from '../src/sim/simulation.ts'
import { AppMinuteCounts } from '../src/trace/arrivals/app-minute-counts.ts'
import { synthesizeTrace } from '../src/trace/synth/index.ts'

// Every policy of the list at its defaults, those of a fleet too, beside the fixed window in one run: by the time that the
// process had of the processor, so that a busy machine changes little. The table of docs/policies.md is from here.
inlineMore()
const trace = synthesizeTrace({ apps: 2500, days: 1, seed: 1, invocationsPerDay: 6e6 })
/** A replay of some ms is compiled anew after each other policy; it takes so many microseconds to get over that. */
const LEAST_TIME = 500_000
const named = process.argv.slice(2)
const ids = named.length > 0 ? named : policies.ids

for (const [model, count] of [
  [PAPER_MODEL, minutes()],
  [INSTANCES_MODEL, trace.invocations],
] as const) {
  const speedOf = (id: string, times: number): number => {
    const policy = policies.get(id, 'the bench')
    const simulation = { trace, model, policy, params: defaultsOf(policy.parameters), seed: 1 }
    let least = Number.POSITIVE_INFINITY
    let spent = 0
    for (let turn = 0; turn < times || spent < LEAST_TIME; turn += 1) {
      const begun = process.cpuUsage().user
      runSimulation(simulation)
      const time = process.cpuUsage().user - begun
      least = Math.min(least, time)
      spent += time
    }
    return count / least
  }
  speedOf('fixed', 2)
  const before = speedOf('fixed', 2)
  const speeds = ids.map((id) => [id, speedOf(id, 2)] as const)
  const fixed = Math.max(before, speedOf('fixed', 2))
  console.log(`model ${model.kind}: ${count} arrivals, ${fixed.toFixed(1)} M/s of processor time with fixed`)
  for (const [id, speed] of speeds) {
    console.log(
      `${id.padEnd(24)} ${speed.toFixed(2).padStart(8)} M arrivals/s ${(speed / fixed).toFixed(3).padStart(8)} of fixed`,
    )
  }
}

/** Minutes of apps with invocations: in the model `paper` each is one arrival. */
function minutes(): number {
  const { apps, arrivals } = trace
  if (arrivals.kind !== 'counts') throw new Error('a synthetic trace has counts')
  const counts = new AppMinuteCounts(arrivals, trace)
  let sum = 0
  for (let app = 0; app < apps.count; app += 1) {
    counts.add(apps.firstFunction[app]!, apps.firstFunction[app + 1]!)
    while (counts.take() >= 0) sum += 1
  }
  return sum
}
