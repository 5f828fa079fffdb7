import { instanceUnits } from '../src/sim/cluster/memory-units.ts'
import { inlineMore } from '../src/sim/workers/inlining.ts'
import { RecencyStack } from '../src/sim/curve/recency-stack.ts'
import { lruCurve } from '../src/sim/curve/reuse-distance.ts'
import { appsFor, synthesizeTrace } from '../src/trace/synth/index.ts'
import { arrivalsInTime } from '../src/trace/arrivals/arrivals-in-time.ts'
import { unitsOf } from '../src/sim/simulation.ts'
import { RecencyList } from '../test/sim/curve/recency-list.ts'
import { millionsPerSecond, show } from './figure.ts'

// The exact LRU curve of a day of 20 million invocations of 35 thousand functions, each an app of its own. The plain way
// keeps a list of apps in the order of their last use, and is given the day's first invocations only.
inlineMore()
const PLAIN = 300_000
const apps = appsFor({ functions: 35_000, days: 1, seed: 1 })
const day = synthesizeTrace({ apps, days: 1, seed: 1, invocationsPerDay: 20e6 })
const trace = unitsOf(day, { unit: 'function' })
console.log(`${trace.apps.count} functions, ${trace.invocations} invocations`)

const curve = millionsPerSecond(trace.invocations, () => {
  const { invocations } = lruCurve({ trace, model: { unit: 'app', memory: 'trace', spread: 'uniform' }, seed: 1 })
  if (invocations !== trace.invocations) throw new Error(`${invocations} of ${trace.invocations} were counted`)
})
const peakMb = process.resourceUsage().maxRSS / 1024

// The stack alone, on the sequence of apps.
const sequence = new Uint32Array(trace.invocations)
const arrivals = arrivalsInTime(trace, 'uniform', 1)
for (let rows = arrivals.next(), at = 0; rows >= 0; at += rows, rows = arrivals.next()) {
  sequence.set(arrivals.block.app.subarray(0, rows), at)
}
const size = trace.apps.memoryMb.map(instanceUnits)
function useAll(stack: { use(app: number): number }, count: number): void {
  for (let at = 0; at < count; at += 1) stack.use(sequence[at]!)
}
const value = millionsPerSecond(sequence.length, () => useAll(new RecencyStack(size), sequence.length))
const plain = millionsPerSecond(PLAIN, () => useAll(new RecencyList(size), PLAIN), 1)
const first = millionsPerSecond(PLAIN, () => useAll(new RecencyStack(size), PLAIN))

show({ name: 'the LRU curve of the day, reading included', value: curve, unit: 'M invocations/s' })
show({ name: 'reuse distances of the day', value, unit: 'M invocations/s' })
const name = `reuse distances of the first ${PLAIN} invocations`
show({ name, value: first, unit: 'M invocations/s', plain: { name: 'a list', value: plain } })
show({ name: 'peak memory of the process', value: peakMb, unit: 'MB' })
