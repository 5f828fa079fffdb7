import { keyOf } from '../src/core/random.ts'
import { arrivalsByApp } from '../src/trace/arrivals/arrivals.ts'
import { MINUTE_SPREADS, Spreader } from '../src/trace/arrivals/spread.ts'
import { plainCells } from '../src/trace/cells/unpacked-cells.ts'
import { synthesizeTrace } from '../src/trace/synth/index.ts'
import { millionsPerSecond, show } from './figure.ts'

// Arrivals made on the fly from minute counts; the plain way makes an object for each and sorts an app's objects.
const trace = synthesizeTrace({ apps: 1500, days: 1, seed: 1, invocationsPerDay: 3e6 })

const { firstCell, minute, count } = plainCells(trace)

for (const spread of MINUTE_SPREADS) {
  const value = millionsPerSecond(trace.invocations, () => {
    const arrivals = arrivalsByApp(trace, spread, 1)
    let sum = 0
    for (let app = 0; app < trace.apps.count; app += 1) {
      arrivals.open(app)
      for (let rows = arrivals.next(); rows > 0; rows = arrivals.next()) sum += rows
    }
    if (sum !== trace.invocations) throw new Error(`${sum} of ${trace.invocations} arrivals`)
  })
  const plain = millionsPerSecond(trace.invocations, () => plainly(spread), 2)
  show({
    name: `arrivals, spread ${spread}`,
    value,
    unit: 'M arrivals/s',
    plain: { name: 'sorted objects', value: plain },
  })
}

function plainly(spread: (typeof MINUTE_SPREADS)[number]): void {
  const { apps, functions } = trace
  const spreader = new Spreader(spread, 1, 60_000)
  for (let app = 0; app < apps.count; app += 1) {
    const all: { timeMs: number; fn: number }[] = []
    for (let fn = apps.firstFunction[app]!; fn < apps.firstFunction[app + 1]!; fn += 1) {
      spreader.turnTo(...keyOf(functions.name.at(fn)))
      for (let cell = firstCell[fn]!; cell < firstCell[fn + 1]!; cell += 1) {
        const times = new Uint32Array(count[cell]!)
        spreader.place(times, 0, times.length, minute[cell]!)
        for (const ms of times) all.push({ timeMs: minute[cell]! * 60_000 + ms, fn })
      }
    }
    all.sort((a, b) => a.timeMs - b.timeMs)
  }
}
