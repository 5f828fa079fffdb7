import { parse } from 'csv-parse/sync'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scanBlocks } from '../../../src/trace/table/blocks.ts'
import { countHeader } from '../../../src/trace/table/count-header.ts'
import { CountScanner } from '../../../src/trace/table/count-scanner.ts'
import { chunksOf, cuts } from './chunks.ts'

interface Row {
  readonly names: readonly string[]
  readonly cells: readonly (readonly [number, number])[]
  readonly line: number
}

async function rowsOf(text: string, places: readonly number[] = []): Promise<Row[]> {
  const header = text.replace('\ufeff', '').trimStart().split(/\r?\n/)[0]!.split(',')
  const rows: Row[] = []
  const scanner = new CountScanner('t.csv', countHeader('t.csv', header), (row, line) => {
    const cells = Array.from({ length: row.length }, (_, cell) => [row.minute[cell]!, row.count[cell]!] as const)
    rows.push({ names: [row.owner, row.app, row.fn, row.trigger], cells, line })
  })
  await scanBlocks(chunksOf(text, places), scanner, 't.csv')
  expect(scanner.rows).toBe(rows.length)
  return rows
}

const HEADER = 'HashOwner,HashApp,HashFunction,Trigger,1,2,3,4,5'

describe('the scanner of counts', () => {
  it('gives the minutes with invocations of each row', async () => {
    expect(await rowsOf(`${HEADER}\no,a,f,http,0,0,7,0,12\n\no,a,g,timer,0,0,0,0,0\n`)).toEqual([
      {
        names: ['o', 'a', 'f', 'http'],
        cells: [
          [3, 7],
          [5, 12],
        ],
        line: 2,
      },
      { names: ['o', 'a', 'g', 'timer'], cells: [], line: 4 },
    ])
  })

  it('takes columns in any order, and no trigger where there is none', async () => {
    expect(await rowsOf('3,HashFunction,1,2,HashApp,HashOwner\n30,f,10,20,a,o\r\n0,g,0,0,b c,p')).toEqual([
      {
        names: ['o', 'a', 'f', ''],
        cells: [
          [3, 30],
          [1, 10],
          [2, 20],
        ],
        line: 2,
      },
      { names: ['p', 'b c', 'g', ''], cells: [], line: 3 },
    ])
  })

  it('reads counts up to 4294967295, however they are written', async () => {
    const [row] = await rowsOf(`${HEADER}\no,a,f,"ti""mer",4294967295,"12",000000000001,1000000000,999999999`)
    expect(row).toEqual({
      names: ['o', 'a', 'f', 'ti"mer'],
      cells: [
        [1, 4294967295],
        [2, 12],
        [3, 1],
        [4, 1000000000],
        [5, 999999999],
      ],
      line: 2,
    })
  })

  it.each(['1e3', '-1', '1.5', ' 5', '5 ', '', '4294967296', '9007199254740992', '0x1', '+1', 'NaN', '\r', '1\r', 'é'])(
    'refuses the count %j at its line and column',
    async (cell) => {
      const text = `${HEADER}\no,a,f,http,0,0,7,0,12\no,a,g,http,0,0,${cell},0,0\n`
      const shown = JSON.stringify(cell)
      const message = `t.csv:3:7: minute 3 must be a whole number from 0 to 4294967295, found ${shown}.`
      await expect(rowsOf(text)).rejects.toThrow(message)
    },
  )

  it.each([
    ['too few fields', 'o,a,f,http,0,0,0,0', 8],
    ['too many fields', 'o,a,f,http,0,0,0,0,0,0', 10],
    ['a comma at its end', 'o,a,f,http,0,0,0,0,0,', 10],
    ['only names', 'o,a,f', 3],
    ['another separator', 'o,a,f,http,0,1;2,0,0', 8],
    ['a decimal point for a comma', 'o,a,f,http,0,1.2,0,0', 8],
    ['its end on the next line', 'o,a,f,http,0,0,0\n0,0', 7],
  ])('refuses a row with %s', async (_, row, found) => {
    const message = `t.csv:2: 9 fields were expected, as in the header, found ${found}.`
    await expect(rowsOf(`${HEADER}\n${row}\n${row}\n`)).rejects.toThrow(message)
  })

  it.each([
    ['5;o,a,f,2', 4],
    ['5\no,a,f,2', 1],
    ['5,o,a,f\n,2', 4],
  ])('refuses the row %j where names follow counts', async (row, found) => {
    const message = `t.csv:2: 5 fields were expected, as in the header, found ${found}.`
    await expect(rowsOf(`1,HashOwner,HashApp,HashFunction,2\n${row}\n`)).rejects.toThrow(message)
  })

  const count = fc.oneof(
    { weight: 12, arbitrary: fc.constant('0') },
    { weight: 3, arbitrary: fc.nat(2000).map(String) },
    { weight: 1, arbitrary: fc.constantFrom('4294967295', '"3"', '00', '1000000000', '999999999', '"0"') },
  )
  const name = fc.oneof(
    fc.constantFrom('o', 'a b', '0', '7', '0;0', '"x,y"', '"q""q"', '"two\nlines"', 'é'),
    fc.string({ minLength: 1, maxLength: 6 }).map((text) => `"${text.replaceAll('"', '""')}"`),
  )
  const table = fc
    .record({
      columns: fc.shuffledSubarray(
        ['HashOwner', 'HashApp', 'HashFunction', 'Trigger', ...Array.from({ length: 16 }, (_, i) => `${i + 3}`)],
        {
          minLength: 20,
        },
      ),
      ordered: fc.boolean(),
      rows: fc.array(
        fc.tuple(fc.array(name, { minLength: 4, maxLength: 4 }), fc.array(count, { minLength: 16, maxLength: 16 })),
        {
          maxLength: 8,
        },
      ),
      blankLines: fc.array(fc.nat(8), { maxLength: 2 }),
      lineBreak: fc.constantFrom('\n', '\r\n'),
      closed: fc.boolean(),
      mark: fc.boolean(),
    })
    .map(({ columns, ordered, rows, blankLines, lineBreak, closed, mark }) => {
      const header = ordered ? columns.toSorted((a, b) => (Number(a) || 0) - (Number(b) || 0)) : columns
      const lines = rows.map(([names, counts]) => {
        const [n, c] = [[...names], [...counts]]
        return header.map((column) => (/^Hash|^Trig/.test(column) ? n.pop() : c.pop())).join(',')
      })
      for (const at of blankLines) lines.splice(at, 0, '')
      return `${mark ? '\ufeff' : ''}${[header.join(','), ...lines].join(lineBreak)}${closed ? lineBreak : ''}`
    })

  it('agrees with csv-parse on any table, wherever the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(table, cuts, async (text, places) => {
        const options = { bom: true, skip_empty_lines: true, record_delimiter: ['\r\n', '\n'] }
        const [header, ...records] = parse(Buffer.from(text), options) as string[][]
        const expected = records.map((record) => ({
          names: ['HashOwner', 'HashApp', 'HashFunction', 'Trigger'].map((column) => record[header!.indexOf(column)]),
          cells: record.flatMap((cell, field) => {
            const minute = Number(header![field])
            return minute > 0 && Number(cell) > 0 ? [[minute, Number(cell)]] : []
          }),
        }))
        const found = await rowsOf(text, places)
        expect(found.map(({ names, cells }) => ({ names, cells }))).toEqual(expected)
      }),
      { numRuns: 400 },
    )
  })

  it('reads a row, or refuses it, as the plain way does, whatever byte stands anywhere in it', async () => {
    const width = 24
    const header = `HashOwner,HashApp,HashFunction,Trigger,${Array.from({ length: width }, (_, index) => index + 1).join(',')}`
    const outcome = (row: string): Promise<unknown> =>
      rowsOf(`${header}\n${row}\n`).catch((error: unknown) => (error as Error).message)
    const cells = fc.array(fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.nat(12)), {
      minLength: width,
      maxLength: width,
    })
    const byte = fc.integer({ min: 1, max: 127 }).filter((code) => !'\n\r"'.includes(String.fromCodePoint(code)))
    await fc.assert(
      fc.asyncProperty(cells, byte, fc.nat(), async (counts, code, at) => {
        const text = counts.join(',')
        const place = at % text.length
        const changed = `${text.slice(0, place)}${String.fromCodePoint(code)}${text.slice(place + 1)}`
        // A name in quotes is out of the ordinary, so that the row is read the plain way.
        expect(await outcome(`o,a,f,http,${changed}`)).toEqual(await outcome(`"o",a,f,http,${changed}`))
      }),
      { numRuns: 1000 },
    )
  })

  it('finds the same mistake wherever the bytes are cut', async () => {
    const text = `${HEADER}\no,a,f,http,0,0,7,0,12\n"o\n",a,g,http,0,0,0,1e3,0\n`
    await fc.assert(
      fc.asyncProperty(cuts, async (places) => {
        await expect(rowsOf(text, places)).rejects.toThrow('t.csv:3:8: minute 4 must be')
      }),
    )
  })
})

describe('the header of counts', () => {
  it.each([
    ['HashOwner,HashApp,HashFunction,1,2,2', 'the column "2" stands in the header twice'],
    ['HashOwner,HashApp,HashFunction,1,02,2', 'minute 2 has two columns'],
    ['HashOwner,HashApp,HashFunction,1,2,5', 'minute 3 is missing between 1 and 5'],
    ['HashOwner,HashApp,HashFunction,1,1441', 't.csv:1:5: a column of counts must be HashOwner, HashApp'],
    ['HashOwner,HashApp,HashFunction,0,1', 'found "0"'],
    ['HashOwner,HashApp,HashFunction,Notes,1', 'found "Notes"'],
    ['HashApp,HashFunction,1', 'must have a column "HashOwner"'],
  ])('is refused when it is %j', (header, message) => {
    expect(() => countHeader('t.csv', header.split(','))).toThrow(message)
  })
})
