import { RandomStream } from '../src/core/random.ts'
import { NumberSorter } from '../src/trace/arrivals/number-sorter.ts'
import { millionsPerSecond, show } from './figure.ts'

// Offsets into a minute, drawn evenly; the plain way is the runtime's own sort of a typed array.
const TOTAL = 1e6
const LIMIT = 60_000 * 2 ** 32
const stream = new RandomStream()
stream.begin(1, 2, 3, 4)
const drawn = Float64Array.from({ length: TOTAL }, () => Math.floor(stream.uniform() * 60_000) * 2 ** 32)
const work = new Float64Array(TOTAL)

for (const length of [4, 12, 13, 100, 1000, 10_000]) {
  const sorter = new NumberSorter()
  const sortAll = (sort: (from: number, to: number) => unknown) => () => {
    work.set(drawn)
    for (let from = 0; from + length <= TOTAL; from += length) sort(from, from + length)
  }
  const value = millionsPerSecond(
    TOTAL,
    sortAll((from, to) => sorter.sort(work, from, to, LIMIT)),
  )
  const plain = millionsPerSecond(
    TOTAL,
    sortAll((from, to) => work.subarray(from, to).sort()),
    2,
  )
  show({
    name: `sorting ${length} offsets`,
    value,
    unit: 'M numbers/s',
    plain: { name: "the runtime's sort", value: plain },
  })
}
