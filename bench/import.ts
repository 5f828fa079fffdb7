import { parse } from 'csv-parse'
import { RandomStream } from '../src/core/random.ts'
import { scanBlocks } from '../src/trace/table/blocks.ts'
import { countHeader } from '../src/trace/table/count-header.ts'
import { CountScanner } from '../src/trace/table/count-scanner.ts'
import { show } from './figure.ts'

const MINUTES = 1440
const TABLE_BYTES = 100e6
const CHUNK = 1 << 20
const HEADER = `HashOwner,HashApp,HashFunction,Trigger,${Array.from({ length: MINUTES }, (_, index) => index + 1).join(',')}`
/** csv-parse reads a part of the table only, for it takes some seconds for that already. */
const PLAIN_SHARE = 0.1

// How fast a table of counts is read on one core; the plain way is csv-parse on a part of the same table.
const part = countTable(TABLE_BYTES * PLAIN_SHARE)
const plain = await mbPerSecond(part, sumByCsvParse)
// The first pass warms the scanner up, as the first of a data set's fourteen files does.
await mbPerSecond(part, sumByScanner)
const value = await mbPerSecond(countTable(TABLE_BYTES), sumByScanner)
show({
  name: 'import of a table of counts',
  value,
  unit: 'MB/s',
  atLeast: 200,
  plain: { name: 'csv-parse', value: plain },
})

async function mbPerSecond(
  chunks: readonly Uint8Array[],
  sum: (chunks: readonly Uint8Array[]) => Promise<number>,
): Promise<number> {
  const bytes = chunks.reduce((total, chunk) => total + chunk.length, 0)
  const begin = performance.now()
  const invocations = await sum(chunks)
  const seconds = (performance.now() - begin) / 1000
  if (invocations === 0) throw new Error('the table of the bench holds no invocations')
  return bytes / 1e6 / seconds
}

async function sumByScanner(chunks: readonly Uint8Array[]): Promise<number> {
  let sum = 0
  const scanner = new CountScanner('bench', countHeader('bench', HEADER.split(',')), (row) => {
    for (let cell = 0; cell < row.length; cell += 1) sum += row.count[cell]!
  })
  await scanBlocks(chunks, scanner, 'bench')
  return sum
}

/** The plain version: every field a string. */
async function sumByCsvParse(chunks: readonly Uint8Array[]): Promise<number> {
  const parser = parse({ from_line: 2, relax_column_count: true })
  const done = (async () => {
    let sum = 0
    for await (const row of parser as AsyncIterable<string[]>) {
      for (let field = 4; field < row.length; field += 1) sum += Number(row[field])
    }
    return sum
  })()
  for (const chunk of chunks) parser.write(chunk)
  parser.end()
  return done
}

/** A table as a day of the Azure 2019 data set: hashes of 64 digits, 85 % of the cells zero, most others small. */
function countTable(bytes: number): Uint8Array[] {
  const random = new RandomStream()
  random.begin(1, 2, 3, 4)
  const lines = [HEADER]
  let length = HEADER.length
  while (length < bytes) {
    const line = `${[hash(random), hash(random), hash(random)].join(',')},timer,${counts(random).join(',')}`
    lines.push(line)
    length += line.length + 1
  }
  const table = Buffer.from(`${lines.join('\n')}\n`)
  return Array.from({ length: Math.ceil(table.length / CHUNK) }, (_, index) =>
    table.subarray(index * CHUNK, (index + 1) * CHUNK),
  )
}

function hash(random: RandomStream): string {
  return Array.from({ length: 8 }, () => random.next().toString(16).padStart(8, '0')).join('')
}

/** One function's day. Few functions make most of the non-zero cells: a third is busy half of the time, the rest hardly ever. */
function counts(random: RandomStream): number[] {
  const busy = random.uniform() < 0.3
  const share = busy ? 0.46 : 0.017
  const scale = busy ? 10 ** (3 * random.uniform()) : 2
  return Array.from({ length: MINUTES }, () =>
    random.uniform() < share ? 1 + Math.floor(scale * random.uniform()) : 0,
  )
}
