import { RandomStream } from '../src/core/random.ts'
import { MINUTE } from '../src/core/units.ts'
import { forecastNext } from '../src/policy/forecast/arima.ts'
import { defaultsOf } from '../src/policy/parameters.ts'
import { hybridHistogram } from '../src/policy/policies/hybrid-histogram.ts'
import { policies } from '../src/policy/policies/index.ts'
import type { Policy } from '../src/policy/policy.ts'
import { plainBreakEven } from '../test/policy/policies/plain-break-even.ts'
import { naiveHybrid } from '../test/policy/policies/naive-hybrid.ts'
import { millionsPerSecond, show } from './figure.ts'

// The hybrid histogram policy's work an arrival, against computing everything anew from the whole history.
const stream = new RandomStream()
stream.begin(1, 2, 3, 4)
const ITS = Float64Array.from({ length: 1e6 }, () => Math.floor(stream.uniform() ** 3 * 200) * MINUTE)
const PLAIN_ITS = 1000

const context = {
  apps: 1,
  functions: 1,
  horizonMs: 14 * 24 * 60 * MINUTE,
  memoryMb: new Float64Array(1),
  coldStartMs: new Float64Array(1),
  trigger: new Uint8Array(1),
  functionApp: new Uint32Array(1),
  seed: 1,
}

function hear(policy: Policy, its: number): void {
  const windows = { prewarmMs: 0.5, keepAliveMs: 0.5 }
  let now = 0
  for (let index = 0; index < its; index += 1) {
    now += ITS[index]!
    policy.arrived(0, now, ITS[index]!, 0)
    policy.decide(0, now, windows)
  }
}

show({
  name: `hybrid-histogram, after ${ITS.length} idle times`,
  value: millionsPerSecond(ITS.length, () =>
    hear(hybridHistogram.create(defaultsOf(hybridHistogram.parameters), context), ITS.length),
  ),
  unit: 'M decisions/s',
  plain: {
    name: `naive, ${PLAIN_ITS} idle times`,
    value: millionsPerSecond(PLAIN_ITS, () => hear(naiveHybrid(), PLAIN_ITS), 2),
  },
})

// Break-even's search over atoms, against the scan of all bins by its description.
const breakEven = policies.get('break-even', 'the bench')
for (const clock of [false, true]) {
  const params = { ...defaultsOf(breakEven.parameters), clock }
  const plain = { worthMinutes: 60, clock, history: 256, bins: 2880, loadBins: 0, depth: 2 }
  show({
    name: `break-even, clock ${clock ? 'on' : 'off'}, after ${ITS.length} idle times`,
    value: millionsPerSecond(ITS.length, () => hear(breakEven.create(params, context), ITS.length)),
    unit: 'M decisions/s',
    plain: {
      name: `plain, ${PLAIN_ITS} idle times`,
      value: millionsPerSecond(PLAIN_ITS, () => hear(plainBreakEven(plain), PLAIN_ITS), 2),
    },
  })
}

for (const length of [5, 15, 40, 80]) {
  const histories = Array.from({ length: 100 }, () =>
    Array.from({ length }, () => Math.round((4 + 8 * stream.uniform()) * 60) * MINUTE),
  )
  const value = 1 / millionsPerSecond(histories.length, () => histories.map((history) => forecastNext(history)))
  show({ name: `one ARIMA forecast from ${length} idle times`, value, unit: 'us' })
}
