// A forecast for the policy `forecast`, as a model that was learnt elsewhere would write one: in each hour of a day an app is
// expected to be invoked as often as it was in that hour of the first days, on average. It knows nothing of later days.
//   node tools/same-hour.ts <trace> <days to learn from> > reports/same-hour.csv
import { once } from 'node:events'
import { argv, stdout } from 'node:process'
import { plainCells, readTrace } from '../src/index.ts'

const HOUR_MS = 3_600_000
const HOURS = 24

const [path, learnt] = argv.slice(2)
const days = Number(learnt)
if (path === undefined || !Number.isInteger(days) || days < 1) {
  console.error('same-hour: expected the path of a trace with counts, and how many of its days to learn from')
  process.exit(2)
}

const trace = await readTrace([path])
const { bucketMs, count, firstCell, minute } = plainCells(trace)
const end = Math.ceil(trace.horizonMs / HOUR_MS)

stdout.write('app,at_ms,arrivals\n')
for (let fn = 0; fn < trace.functions.count; fn += 1) {
  // Each function is an app of its own, as in the model option `unit: function`, and called as it is there.
  const name = `${trace.apps.name.at(trace.functions.app[fn]!)}:${trace.functions.name.at(fn)}`
  const sums = new Float64Array(HOURS)
  for (let cell = firstCell[fn]!; cell < firstCell[fn + 1]!; cell += 1) {
    const hour = Math.floor((minute[cell]! * bucketMs) / HOUR_MS)
    if (hour < days * HOURS) sums[hour % HOURS]! += count[cell]!
  }
  let rows = ''
  for (let hour = days * HOURS; hour < end; hour += 1)
    rows += `${name},${hour * HOUR_MS},${sums[hour % HOURS]! / days}\n`
  if (!stdout.write(rows)) await once(stdout, 'drain')
}
