import { parse } from 'csv-parse/sync'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scanBlocks } from '../../../src/trace/table/blocks.ts'
import { parseDecimal } from '../../../src/trace/table/decimal.ts'
import { RecordScanner } from '../../../src/trace/table/record-scanner.ts'
import { chunksOf, cuts } from './chunks.ts'

type Found = readonly (readonly [number, readonly string[]])[]

async function recordsOf(chunks: readonly Uint8Array[]): Promise<Found> {
  const found: [number, string[]][] = []
  const scanner = new RecordScanner('t.csv', (fields, line) => found.push([line, fields.texts()]))
  await scanBlocks(chunks, scanner, 't.csv')
  return found
}

const oneChunk = (text: string): Promise<Found> => recordsOf([Buffer.from(text)])

describe('the fields of a record', () => {
  it('are split at commas, with the line that each record begins on', async () => {
    expect(await oneChunk('a,b\n1,\n\n,2\n')).toEqual([
      [1, ['a', 'b']],
      [2, ['1', '']],
      [4, ['', '2']],
    ])
  })

  it('may be quoted, with doubled quotes, commas and line breaks inside', async () => {
    expect(await oneChunk('"a","b,c"\n"x\n""y""",""\nz,"é"')).toEqual([
      [1, ['a', 'b,c']],
      [2, ['x\n"y"', '']],
      [4, ['z', 'é']],
    ])
  })

  it('end at CRLF or LF, and a lone CR belongs to its field', async () => {
    expect(await oneChunk('a,b\r\n\r\n"c",d\r\ne\rf,\r')).toEqual([
      [1, ['a', 'b']],
      [3, ['c', 'd']],
      [4, ['e\rf', '']],
    ])
  })

  it('do not include a byte-order mark', async () => {
    expect(await oneChunk('\ufeffa\n')).toEqual([[1, ['a']]])
    expect(await recordsOf([...Buffer.from('\ufeffa\n')].map((byte) => Uint8Array.of(byte)))).toEqual([[1, ['a']]])
    expect(await oneChunk('a')).toEqual([[1, ['a']]])
  })

  it.each([
    ['a\nb,c"d\n', 't.csv:2:2: a quote stands inside a field that does not begin with one'],
    ['"a"b\n', 't.csv:1:1: a comma or the end of the line was expected after the closing quote'],
    ['a\n"b\nc\n', 't.csv:2: a quoted field begins on this line, and the file ends before its closing quote'],
    [`a\n${'x'.repeat(2 ** 21)}`, 't.csv:2: this line is longer than 1048576 bytes'],
  ])('cannot be split where quotes or line ends are wrong (%#)', async (text, message) => {
    await expect(oneChunk(text)).rejects.toThrow(message)
  })

  const field = fc.oneof(
    fc.constantFrom('', 'a', '0', '"', ',', '\n', '\r\n', ' ', 'é€😀', '"",'),
    fc.string({ maxLength: 5 }),
  )
  const written = fc.record({ text: field, quoted: fc.boolean() }).map(({ text, quoted }) => {
    const bare = !/[",\r\n]/.test(text)
    return bare && !quoted ? text : `"${text.replaceAll('"', '""')}"`
  })
  const table = fc
    .record({
      rows: fc.array(fc.array(written, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 }),
      lineBreak: fc.constantFrom('\n', '\r\n'),
      closed: fc.boolean(),
      mark: fc.boolean(),
    })
    .map(({ rows, lineBreak, closed, mark }) => {
      const lines = rows.map((row) => row.join(',')).join(lineBreak)
      return `${mark ? '\ufeff' : ''}${lines}${closed ? lineBreak : ''}`
    })

  it('are those that csv-parse finds, wherever the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(table, cuts, async (text, places) => {
        const options = {
          bom: true,
          relax_column_count: true,
          skip_empty_lines: true,
          record_delimiter: ['\r\n', '\n'],
        }
        const records = (await recordsOf(chunksOf(text, places))).map(([, fields]) => fields)
        expect(records).toEqual(parse(Buffer.from(text), options))
      }),
      { numRuns: 500 },
    )
  })
})

/** The line that these fields are written as; those that need no quotes have them where told. */
function lineOf(texts: readonly string[], quoted: readonly boolean[]): string {
  const fields = texts.map((text, at) =>
    quoted[at] || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text,
  )
  return `${fields.join(',')}\n`
}

async function wholeOf(texts: readonly string[], quoted: readonly boolean[]): Promise<string> {
  let whole = ''
  const scanner = new RecordScanner('t.csv', (fields) => {
    whole = Buffer.from(fields.whole).toString('latin1')
  })
  await scanBlocks([Buffer.from(lineOf(texts, quoted))], scanner, 't.csv')
  return whole
}

describe('a record as a whole', () => {
  const field = fc.oneof(fc.constantFrom('', 'a', 'b', 'a,b', '"', 'x\ny', '1.5', '-0', '1e3', ' 7'), fc.string())
  const record = fc.tuple(field, field, field)
  const quotes = fc.tuple(fc.boolean(), fc.boolean(), fc.boolean())

  it('has a text that equal records have in common, quoted or not, and no others', async () => {
    await fc.assert(
      fc.asyncProperty(record, record, quotes, quotes, async (one, other, first, second) => {
        expect(await wholeOf(one, first)).toBe(await wholeOf(one, second))
        const areEqual = one.every((text, at) => text === other[at])
        expect((await wholeOf(one, first)) === (await wholeOf(other, second))).toBe(areEqual)
      }),
      { numRuns: 200 },
    )
  })

  it('tells empty fields, and numbers as their texts tell them', async () => {
    await fc.assert(
      fc.asyncProperty(record, quotes, async (texts, quoted) => {
        const found: [boolean, number | undefined][] = []
        const scanner = new RecordScanner('t.csv', (fields) => {
          for (let at = 0; at < 3; at += 1) found.push([fields.isEmpty(at), fields.decimal(at)])
        })
        await scanBlocks([Buffer.from(lineOf(texts, quoted))], scanner, 't.csv')
        expect(found).toEqual(texts.map((text) => [text === '', parseDecimal(text)]))
      }),
      { numRuns: 200 },
    )
  })
})
