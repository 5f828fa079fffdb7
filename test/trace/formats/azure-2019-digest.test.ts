import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DURATIONS, INVOCATIONS, lines, MEMORY, read } from './azure-2019-files.ts'

const table = (header: string, row: fc.Arbitrary<string>): fc.Arbitrary<[string, string]> =>
  fc
    .array(row, { minLength: 1, maxLength: 12 })
    .chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })))
    .map(([rows, shuffled]) => [lines(header, ...rows), lines(header, ...shuffled)])

describe('the digest of the Azure 2019 data set', () => {
  const cell = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(50))
  const key = fc
    .tuple(fc.constantFrom('o', 'p'), fc.constantFrom('a', 'b'), fc.constantFrom('f', 'g'))
    .map((names) => names.join(','))
  const invocations = fc
    .tuple(key, fc.constantFrom('http', 'others', 'timer'), fc.tuple(cell, cell, cell))
    .map((row) => row.flat().join(','))
  const durations = fc.tuple(key, fc.integer({ min: -2, max: 90 }), fc.nat(9)).map((row) => `${row.join(',')},0,0,1`)
  const memory = fc
    .tuple(fc.constantFrom('o,a', 'o,b', 'p,b'), fc.nat(9), fc.integer({ min: -2, max: 300 }))
    .map((row) => row.join(','))
  it('is the same for permuted rows, CRLF, a byte-order mark and gzip', async () => {
    const tables = fc.tuple(
      table(INVOCATIONS, invocations),
      table(INVOCATIONS, invocations),
      table(DURATIONS, durations),
      table(MEMORY, memory),
    )
    await fc.assert(
      fc.asyncProperty(tables, async ([first, second, third, fourth]) => {
        const one = await read({ 'd1.csv': first[0], 'd2.csv': second[0], 'y.d1.csv': third[0], 'z.d2.csv': fourth[0] })
        const two = await read({
          'n.d2.csv.gz': gzipSync(second[1]),
          'm.d1.csv': `\ufeff${first[1].replaceAll('\n', '\r\n')}`,
          'y.d1.csv': third[1].trimEnd(),
          'z.d2.csv.gz': gzipSync(`\ufeff${fourth[1].replaceAll('\n', '\r\n')}`),
        })
        expect(two.digest).toBe(one.digest)
        expect(two.join.defects.map(({ count }) => count)).toEqual(one.join.defects.map(({ count }) => count))
      }),
      { numRuns: 30 },
    )
  })

  it('is the same for columns in another order', async () => {
    const one = await read({ 'x.csv': lines(INVOCATIONS, 'o,a,f,http,5,0,7'), 'z.csv': lines(MEMORY, 'o,a,3,40') })
    const two = await read({
      'x.csv': lines('3,HashApp,1,Trigger,HashFunction,2,HashOwner', '7,a,5,http,f,0,o'),
      'z.csv': lines('AverageAllocatedMb,HashApp,Other,HashOwner,SampleCount', '40,a,x,o,3'),
    })
    expect(two.digest).toBe(one.digest)
  })
})
