import { defaultsOf } from '../src/policy/parameters.ts'
import { policies } from '../src/policy/policies/index.ts'
import { PAPER_MODEL } from '../src/sim/model.ts'
import { AppMinuteCounts } from '../src/trace/arrivals/app-minute-counts.ts'
import { inlineMore } from '../src/sim/workers/inlining.ts'
import { runSimulation } from '../src/sim/simulation.ts'
import { synthesizeTrace } from '../src/trace/synth/index.ts'
import { millionsPerSecond, show } from './figure.ts'

// Arrivals a second of the paper's model through the public policy interface, on one core; the plain way is the engine.
inlineMore()
const trace = synthesizeTrace({ apps: 9000, days: 1, seed: 1, invocationsPerDay: 20e6 })
if (trace.arrivals.kind !== 'counts') throw new Error('a synthetic trace has counts')

const targets: Readonly<Record<string, number>> = { fixed: 20, 'hybrid-histogram': 8 }
/** What a policy is to reach that learns per app. */
const LEAST = 1
/** Without a target: forecasts each minute, and a loop that turns every 2 seconds, three times for an arrival that is alone. */
const SLOWER = ['femux', 'icebreaker', 'mpc', 'kpa']
const named = process.argv.slice(2).map((id) => policies.get(id, 'the bench'))
for (const policy of named.length > 0 ? named : policies.all) {
  // Those of a fleet go over all apps in time order, and a forecast needs a file.
  if (policy.scope !== 'app' || policy.id === 'forecast') continue
  const simulation = { trace, model: PAPER_MODEL, policy, params: defaultsOf(policy.parameters), seed: 1 }
  const run = (replay?: 'by-app') => () => runSimulation({ ...simulation, ...(replay === undefined ? {} : { replay }) })
  const { loads, prewarms, coldStarts } = run()()
  if (loads.length === 0 || coldStarts.length !== prewarms.length) throw new Error('the bench simulated nothing')
  const arrivals = arrivalsOf()
  const isHeld = !SLOWER.includes(policy.id)
  const atLeast = targets[policy.id] ?? (isHeld ? LEAST : undefined)
  show({
    name: `paper model, ${policy.id}`,
    value: millionsPerSecond(arrivals, run()),
    unit: 'M arrivals/s',
    ...(atLeast === undefined ? {} : { atLeast }),
    plain: { name: 'the engine', value: millionsPerSecond(arrivals, run('by-app'), 1) },
  })
}

/** Minutes of apps with invocations: each is one arrival. */
function arrivalsOf(): number {
  const { apps, arrivals } = trace
  if (arrivals.kind !== 'counts') return 0
  const minutes = new AppMinuteCounts(arrivals, trace)
  let sum = 0
  for (let app = 0; app < apps.count; app += 1) {
    minutes.add(apps.firstFunction[app]!, apps.firstFunction[app + 1]!)
    while (minutes.take() >= 0) sum += 1
  }
  return sum
}
