import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UserError } from '../../../src/core/user-error.ts'
import { clockOf } from '../../../src/trace/mapping/moment-reader.ts'
import { Columns } from '../../../src/trace/mapping/row-columns.ts'
import { CsvScanner } from '../../../src/trace/mapping/csv-scanner.ts'
import { JsonLineScanner } from '../../../src/trace/mapping/json-line-scanner.ts'
import { SpanTable } from '../../../src/trace/mapping/span-table.ts'
import { scanBlocks } from '../../../src/trace/table/blocks.ts'
import { parseDecimal, plainDecimal } from '../../../src/trace/table/decimal.ts'

/** The bytes of a text in pieces of these lengths, over and over. */
function* pieces(text: string, lengths: readonly number[]): Generator<Uint8Array> {
  const bytes = Buffer.from(text)
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const length = lengths[turn % lengths.length]!
    yield bytes.subarray(at, at + length)
    at += length
  }
}

const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 })
const word = fc.string({
  unit: fc.constantFrom('a', 'é', '€', '7', ' ', ';', ',', '§', '"', '\n', '.', '-'),
  maxLength: 6,
})

describe('a table', () => {
  it('is read as csv-parse reads it, with any delimiter, wherever the file is cut', async () => {
    const tables = fc
      .integer({ min: 1, max: 4 })
      .chain((width) =>
        fc.array(fc.array(word, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }),
      )
    await fc.assert(
      fc.asyncProperty(
        tables,
        fc.constantFrom(',', ';', '§'),
        fc.constantFrom('\n', '\r\n'),
        lengths,
        async (rows, delimiter, end, cuts) => {
          const quoted = (field: string): string =>
            /["\n]/.test(field) || field.includes(delimiter) ? `"${field.replaceAll('"', '""')}"` : field
          const text = [rows[0]!.map((_, index) => `c${index}`), ...rows]
            .map((fields) => fields.map(quoted).join(delimiter) + end)
            .join('')
          const columns = new Columns()
          const slots = rows[0]!.map((_, index) => columns.slot(`c${index}`))
          const found: string[][] = []
          const scanner = new CsvScanner('t.csv', { delimiter, skip: 0, comment: '' }, (names) => ({
            fields: names.length,
            isHeader: true,
            slotOf: Int32Array.from(slots),
            columns,
            onRow: () => void found.push(slots.map((slot) => columns.text(slot))),
          }))
          await scanBlocks(pieces(text, cuts), scanner, 't.csv')
          const expected = parse(text, { delimiter, from_line: 2, skip_empty_lines: true }) as string[][]
          expect(found).toEqual(expected)
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('a line of JSON', () => {
  const keys = fc.constantFrom('a', 'b', 'c.d', 'é', 'e"f')
  const value = fc.oneof(
    fc.string({ maxLength: 5 }),
    fc.string({ unit: 'binary', maxLength: 3 }),
    fc.integer(),
    fc.double(),
    fc.constantFrom(0, -0, 1.5, 1e21, 1e-7, 0.1, 123456789012345680, 12.25, null, true, false, [], [1], {}, { d: 'x' }),
  )

  it('gives the texts that parsing it whole gives, and is refused where that refuses it', async () => {
    const spelt = fc.array(fc.tuple(keys, value), { maxLength: 5 }).chain((pairs) =>
      fc.record({
        text: fc.constant(
          `{${pairs.map(([key, each]) => `${JSON.stringify(key)} :${JSON.stringify(each) ?? 'null'}`).join(', ')} }`,
        ),
        /** A byte that is put in place of another, or nothing. */
        damage: fc.option(
          fc.tuple(fc.nat(60), fc.constantFrom('"', '\\', '{', ']', '0', '.', 'e', '-', ' ', '', '\u0001', ',')),
          {
            freq: 2,
          },
        ),
      }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(spelt, { minLength: 1, maxLength: 4 }), lengths, async (given, cuts) => {
        const lines = given.map(({ text, damage }) => {
          if (damage === null) return text
          const at = 1 + (damage[0] % Math.max(1, text.length - 1))
          // Half of a pair of surrogates is no character of a file.
          return (text.slice(0, at) + damage[1] + text.slice(at + 1)).toWellFormed()
        })
        const names = ['a', 'b', 'c.d', 'é']
        const columns = new Columns()
        const wanted = names.map((name) => ({ name, slot: columns.slot(name) }))
        const found: string[][] = []
        const scanner = new JsonLineScanner('t.jsonl', wanted, columns, {
          onRow: () => void found.push(wanted.map(({ slot }) => columns.text(slot))),
          onOther: () => {},
        })
        const wrong = lines.findIndex((line) => plainly(line, names) === undefined)
        const right = wrong < 0 ? lines : lines.slice(0, wrong)
        const problem = await scanBlocks(pieces(`${lines.join('\n')}\n`, cuts), scanner, 't.jsonl').then(
          () => undefined,
          (error: unknown) => error,
        )
        expect(problem instanceof UserError).toBe(wrong >= 0)
        expect(found).toEqual(right.map((line) => plainly(line, names)))
      }),
      { numRuns: 500 },
    )
  })
})

function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value as string)
}

/** The texts of the columns in a line of JSON by the plain way; undefined where it is none. */
function plainly(line: string, names: readonly string[]): string[] | undefined {
  let record: Record<string, unknown>
  try {
    record = JSON.parse(line) as Record<string, unknown>
  } catch {
    return undefined
  }
  return names.map((name) => {
    if (Object.hasOwn(record, name)) return textOf(record[name])
    const [first, second] = name.split('.')
    const inner = Object.hasOwn(record, first!) ? record[first!] : undefined
    if (second === undefined || typeof inner !== 'object' || inner === null) return ''
    return Object.hasOwn(inner, second) ? textOf((inner as Record<string, unknown>)[second]) : ''
  })
}

describe('a number in bytes', () => {
  it('has the bits of the same text, or is left to whoever reads texts', () => {
    const texts = fc.oneof(
      fc.string({ unit: fc.constantFrom('0', '1', '9', '.', '-', '+', 'e', ' '), maxLength: 18 }),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc.integer().map((value) => String(value / 1000)),
    )
    fc.assert(
      fc.property(texts, (text) => {
        const bytes = Buffer.from(`x${text}y`)
        const value = plainDecimal(bytes, 1, bytes.length - 1)
        expect(Number.isNaN(value) || Object.is(value, parseDecimal(text)), text).toBe(true)
      }),
      { numRuns: 1000 },
    )
    expect(plainDecimal(Buffer.from('-12.5'), 0, 5)).toBe(-12.5)
    expect(plainDecimal(Buffer.from('1714564800000'), 0, 13)).toBe(1_714_564_800_000)
  })
})

describe('a date in ISO 8601', () => {
  it('is the moment that JavaScript reads, day after day and with any fraction', () => {
    const clock = clockOf({ from: 'x', unit: 'iso' }, 'UTC')!
    const moment = fc.date({ min: new Date('1999-12-30'), max: new Date('2030-03-02'), noInvalidDate: true })
    fc.assert(
      fc.property(fc.array(moment, { minLength: 1, maxLength: 8 }), (moments) => {
        for (const each of moments) {
          const text = each.toISOString()
          expect(Math.round(clock(text)!)).toBe(each.getTime())
          expect(clock(text.replace(/\.\d+/, ''))).toBe(Math.floor(each.getTime() / 1000) * 1000)
          expect(clock(text.replace('T', ' ').replace('Z', '+00:00'))).toBeCloseTo(each.getTime(), 3)
        }
      }),
      { numRuns: 100 },
    )
    for (const wrong of [
      '2026-02-30T12:00:00Z',
      '2026-05-01T12:00:00.Z',
      '2026-05-01T12:6x:00Z',
      '2026-05-01T12:61:00Z',
    ])
      expect(clock(wrong)).toBeUndefined()
  })
})

describe('a table of names by their bytes', () => {
  it('finds what was added and nothing else, however the columns part the bytes', () => {
    const columns = new Columns()
    const slots = [columns.slot('a'), columns.slot('b')]
    const table = new SpanTable(columns, slots)
    const put = (a: string, b: string): void => {
      columns.bytes = Buffer.from(a + b)
      columns.from[0] = 0
      columns.to[0] = columns.from[1] = Buffer.byteLength(a)
      columns.to[1] = columns.bytes.length
    }
    const pairs = new Map<string, number>()
    const short = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é'), maxLength: 8 })
    fc.assert(
      fc.property(fc.array(fc.tuple(short, short), { minLength: 30, maxLength: 60 }), (names) => {
        for (const [a, b] of names) {
          put(a, b)
          const known = pairs.get(`${a} ${b}`)
          expect(table.find()).toBe(known ?? -1)
          if (known !== undefined) continue
          pairs.set(`${a} ${b}`, pairs.size)
          table.add(pairs.size - 1)
        }
      }),
      { numRuns: 100 },
    )
    expect(pairs.size).toBeGreaterThan(1000)
  })
})
