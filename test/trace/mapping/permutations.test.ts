import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Mapping } from '../../../src/trace/mapping/mapping.ts'
import { readTrace } from '../../../src/trace/read.ts'
import { inFolder } from '../temporary-folder.ts'

interface Call {
  readonly app: string
  readonly startMs: number
  readonly durationMs: number
}

const EPOCH = Date.UTC(2024, 2, 30, 22)

/** Calls that start at different times, so that the order of rows says nothing. */
const calls = fc
  .uniqueArray(
    fc.record({
      app: fc.constantFrom('a', 'b, "x"', 'ü;\t|'),
      startMs: fc.nat(48 * 3_600_000),
      durationMs: fc.nat(90_000),
    }),
    { selector: ({ startMs }) => startMs, minLength: 1, maxLength: 25 },
  )
  .map((list) => list.map((call) => ({ ...call, startMs: call.startMs + EPOCH })))

/** The texts of a moment, each with the mapping that reads it back. */
const clocks: readonly { readonly text: (ms: number) => string; readonly moment: object; readonly zone?: string }[] = [
  { text: (ms) => String(ms), moment: { unit: 'ms' } },
  { text: (ms) => String(ms), moment: {} },
  { text: (ms) => (ms / 1000).toFixed(3), moment: { unit: 's' } },
  { text: (ms) => `${ms}000`, moment: {} },
  { text: (ms) => `${ms}000000`, moment: { unit: 'ns' } },
  { text: (ms) => new Date(ms).toISOString(), moment: {} },
  { text: (ms) => new Date(ms + 5.5 * 3_600_000).toISOString().replace('Z', '+05:30'), moment: { unit: 'iso' } },
  // In Tokyo clocks never change.
  {
    text: (ms) => new Date(ms + 9 * 3_600_000).toISOString().replace('T', ' ').replace('Z', ''),
    moment: {},
    zone: 'Asia/Tokyo',
  },
  {
    text: (ms) => {
      const [date, time] = new Date(ms).toISOString().slice(0, -1).split('T')
      const [year, month, day] = date!.split('-')
      return `${day}/${['Jan', 'Feb', 'Mar', 'Apr'][Number(month) - 1]}/${year}:${time} +0000`
    },
    moment: { format: '%d/%b/%Y:%H:%M:%S.%f %z' },
  },
]

const spans = [
  { text: (ms: number) => String(ms), unit: 'ms' },
  { text: (ms: number) => (ms / 1000).toFixed(3), unit: 's' },
  { text: (ms: number) => String(ms * 1000), unit: 'us' },
] as const

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`

/** A way to write calls down, and the mapping that reads them. */
const writings = fc.record({
  clock: fc.constantFrom(...clocks),
  span: fc.constantFrom(...spans),
  delimiter: fc.constantFrom(',', '\t', ';', '|'),
  shape: fc.constantFrom('csv', 'positions', 'jsonl', 'json', 'nested'),
  isEnd: fc.boolean(),
  newline: fc.constantFrom('\n', '\r\n'),
  encoding: fc.constantFrom<BufferEncoding>('utf8', 'utf16le'),
  order: fc.array(fc.nat(), { minLength: 25, maxLength: 25 }),
})

type Writing = typeof writings extends fc.Arbitrary<infer T> ? T : never

function written(list: readonly Call[], how: Writing): { readonly content: Buffer; readonly mapping: Mapping } {
  const { clock, span, delimiter, shape, isEnd, newline, encoding, order } = how
  const shuffled = list.map((call, index) => ({ call, key: order[index]! })).toSorted((a, b) => a.key - b.key)
  const rows = shuffled.map(({ call }) => ({
    who: call.app,
    when: clock.text(isEnd ? call.startMs + call.durationMs : call.startMs),
    took: span.text(call.durationMs),
  }))
  const column = (name: 'who' | 'when' | 'took') =>
    shape === 'positions' ? { who: 3, when: 1, took: 2 }[name] : shape === 'nested' ? `call.${name}` : name
  const zone = clock.zone === undefined ? {} : { zone: clock.zone }
  const moment = { from: column('when'), ...clock.moment }
  const mapping = {
    read:
      shape === 'csv' || shape === 'positions'
        ? { as: 'csv', delimiter, header: shape === 'csv' }
        : shape === 'json'
          ? { as: 'json', rows: 'data.rows' }
          : { as: 'jsonl' },
    app: column('who'),
    ...(isEnd ? { end: moment } : { start: moment }),
    duration: { from: column('took'), unit: span.unit },
    ...zone,
  } as Mapping
  const table = rows.map(({ who, when, took }) => [quoted(when), took, quoted(who)].join(delimiter))
  const text = {
    csv: ['when', 'took', 'who'].join(delimiter) + newline + table.join(newline),
    positions: table.join(newline) + newline,
    jsonl: rows.map((row) => JSON.stringify(row)).join(newline),
    nested: rows.map((call) => JSON.stringify({ call })).join(newline) + newline,
    json: JSON.stringify({ status: 'ok', data: { count: rows.length, rows } }, null, rows.length % 3),
  }[shape]
  return { content: Buffer.from(`\ufeff${text}`, encoding), mapping }
}

describe('one and the same list of calls', () => {
  it('is one and the same trace in whatever units, zone, order, delimiter, shape and encoding it is written', async () => {
    await fc.assert(
      fc.asyncProperty(calls, writings, async (list, how) => {
        const { content, mapping } = written(list, how)
        const events = [
          'app,function,start_ms,duration_ms',
          ...list.map(({ app, startMs, durationMs }) => [quoted(app), quoted(app), startMs, durationMs].join(',')),
        ]
        await inFolder({ 'x.dat': content, 'events.csv': events.join('\n') }, async (folder) => {
          const trace = await readTrace(join(folder, 'x.dat'), { mapping })
          expect(trace.digest).toBe((await readTrace(join(folder, 'events.csv'))).digest)
          expect(trace.startsAtMs).toBe(Math.min(...list.map(({ startMs }) => startMs)))
        })
      }),
      { numRuns: 60, seed: 1 },
    )
  })
})
