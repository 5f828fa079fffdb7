import { RandomStream } from '../src/core/random.ts'
import { OffsetSorter } from '../src/trace/arrivals/offset-sorter.ts'
import { millionsPerSecond, show } from './figure.ts'

// Offsets into a minute, drawn evenly; the plain way is the runtime's own sort of a typed array.
const TOTAL = 1e6
const LIMIT = 60_000
const stream = new RandomStream()
stream.begin(1, 2, 3, 4)
const drawn = Uint32Array.from({ length: TOTAL }, () => stream.uniform() * LIMIT)

for (const length of [4, 12, 13, 100, 1000, 10_000]) {
  const sorter = new OffsetSorter()
  sorter.reserve(length)
  const sortAll = (sort: () => unknown) => () => {
    for (let from = 0; from + length <= TOTAL; from += length) {
      sorter.offsets.set(drawn.subarray(from, from + length))
      sort()
    }
  }
  const value = millionsPerSecond(
    TOTAL,
    sortAll(() => sorter.sort(length, LIMIT, true)),
  )
  const plain = millionsPerSecond(
    TOTAL,
    sortAll(() => sorter.offsets.subarray(0, length).sort()),
    2,
  )
  show({
    name: `sorting ${length} offsets`,
    value,
    unit: 'M offsets/s',
    plain: { name: "the runtime's sort", value: plain },
  })
}
