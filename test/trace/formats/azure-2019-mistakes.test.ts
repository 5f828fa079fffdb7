import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { DURATIONS, type Files, INVOCATIONS, lines, MEMORY, ONE, read } from './azure-2019-files.ts'

describe('what cannot be read as the Azure 2019 data set', () => {
  it.each<[string, Files, string | RegExp]>([
    [
      'two files of a day',
      { 'x.d01.csv': ONE, 'y.d01.csv': ONE },
      /y\.d01\.csv: a second table of invocations for day 1, after \S*x\.d01\.csv\. Leave one of the two out/,
    ],
    [
      'a file beside its gzip',
      { 'x.csv': ONE, 'x.csv.gz': gzipSync(ONE) },
      'x.csv.gz: a second table of invocations for day 1',
    ],
    [
      'some files without a day',
      { 'x.d01.csv': ONE, 'y.csv': lines(MEMORY) },
      'y.csv: a day from "d01" was expected in its name, as in that of x.d01.csv',
    ],
    ['a day 0', { 'x.d00.csv': ONE }, 'x.d00.csv: a day from "d01" was expected'],
    [
      'no table at all',
      { 'notes.csv': 'a,b\n' },
      'a table of invocations was expected, found no table of the data set',
    ],
    ['no table of invocations', { 'x.csv': lines(MEMORY) }, 'a table of invocations was expected, found only memory'],
    ['an empty file', { 'x.csv': ONE, 'y.csv': '' }, 'y.csv: the file is empty'],
    ['a table without rows', { 'x.csv': lines(INVOCATIONS) }, 'its tables of invocations have no rows'],
    [
      'a count that is none',
      { 'x.csv': lines(INVOCATIONS, 'o,a,f,http,0,1e3,0') },
      'x.csv:2:6: minute 2 must be a whole number from 0 to 4294967295, found "1e3".',
    ],
    [
      'a nameless app',
      { 'x.csv': lines(INVOCATIONS, 'o,,f,http,0,1,0') },
      'x.csv:2: HashApp and HashFunction must not be empty',
    ],
    [
      'a truncated gzip',
      { 'x.csv.gz': gzipSync(ONE.repeat(9)).subarray(0, 60) },
      'x.csv.gz: its gzip data is cut short',
    ],
    ['a damaged gzip', { 'x.csv.gz': damaged(gzipSync(ONE)) }, 'x.csv.gz: its gzip data is damaged'],
    [
      'an average that is no number',
      { 'x.csv': ONE, 'y.csv': lines(DURATIONS, '', 'o,a,f,ten,1,1,9,2') },
      'y.csv:3:4: Average must be a number of ms, found "ten".',
    ],
    [
      'a count below 0',
      { 'x.csv': ONE, 'y.csv': lines(DURATIONS, 'o,a,f,1,-1,1,9,2') },
      'y.csv:2:5: Count must be a number from 0, found "-1".',
    ],
    [
      'a percentile that is no number',
      { 'x.csv': ONE, 'y.csv': lines(DURATIONS, 'o,a,f,1,1,1,9,x') },
      'y.csv:2:8: percentile_Average_50 must be',
    ],
    [
      'a short row of durations',
      { 'x.csv': ONE, 'y.csv': lines(DURATIONS, 'o,a,f,1,1') },
      'y.csv:2: 8 fields were expected, as in the header, found 5.',
    ],
    [
      'memory that is no number',
      { 'x.csv': ONE, 'y.csv': lines(MEMORY, 'o,a,1,1MB') },
      'y.csv:2:4: AverageAllocatedMb must be a number of MB, found "1MB".',
    ],
    [
      'a quote in an odd place',
      { 'x.csv': ONE, 'y.csv': lines(MEMORY, 'o,a,1,1', 'o,b"b,1,1') },
      'y.csv:3:2: a quote stands inside a field that does not begin with one',
    ],
    [
      'an open quote',
      { 'x.csv': ONE, 'y.csv': lines(MEMORY, 'o,"a,1,1') },
      'y.csv:2: a quoted field begins on this line, and the file ends before its closing quote',
    ],
    [
      'a doubled column',
      { 'x.csv': ONE, 'y.csv': lines(`${MEMORY},HashApp`, 'o,a,1,1,a') },
      'y.csv:1:5: the column "HashApp" stands in the header twice',
    ],
  ])('%s', async (_, files, message) => {
    await expect(read(files)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(message) as string,
    })
  })
})

function damaged(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte, index) => (index === bytes.length - 6 ? byte ^ 0xff : byte))
}
