// A process for the tests to kill: for two minutes, writes runs into the store named on its command line, one after the other.
import { openStore } from '../../src/store/store.ts'
import { exampleExperiment, exampleRun } from './example-run.ts'

const store = openStore(process.argv[2]!, { create: true })
store.writeExperiment(exampleExperiment(1000))
// Where the tests themselves are killed, nobody else would.
const begun = performance.now()
let number = 0
while (store.hasRun(`run-${number}`)) number += 1
for (; performance.now() - begun < 120_000; number += 1) {
  store.writeRun(exampleRun(number, 2000))
  process.stdout.write(`${number}\n`)
}
