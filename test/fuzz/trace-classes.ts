import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tableFromArrays, tableToIPC, timestamp, utf8 } from '@uwdata/flechette'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { UserError } from '../../src/core/user-error.ts'
import type { Mapping } from '../../src/trace/mapping/mapping.ts'
import { PRESETS } from '../../src/trace/mapping/presets/index.ts'
import { readTrace } from '../../src/trace/read.ts'
import type { Trace } from '../../src/trace/trace.ts'
import { PRESET_EXAMPLES } from '../trace/mapping/preset-examples.ts'
import { type FuzzClass, Miscount, simulated } from './classes.ts'
import type { MixedSource } from './mixed-source.ts'
import { mutated } from './mutate.ts'

/** No row of a packed log is shorter. */
const LEAST_BYTES = 8

/** A log of each preset, changed: text by words and letters, packed files byte by byte. */
function logsOf(preset: string): FuzzClass {
  const examples = PRESET_EXAMPLES.filter((example) => example.preset === preset)
  return {
    id: `logs of ${preset}`,
    format: preset,
    share: 0.4,
    make(source) {
      const { content } = source.of(examples)
      if (source.oneIn(8)) return typeof content === 'string' ? content : Buffer.from(content)
      return typeof content === 'string' ? mutated(content, source) : damaged(content, source)
    },
    async take(input, folder) {
      // A log that is no more known by its content may still be named.
      const path = join(folder, 'log')
      writeFileSync(path, input)
      const trace = await readTrace(path, input.length % 2 === 0 ? { format: preset } : {})
      const rows = typeof input === 'string' ? input.split(/[\r\n{[]/).length : input.length / LEAST_BYTES
      // A row of a sampled log stands for several invocations.
      if (trace.arrivals.kind === 'events' && !/itemcount/i.test(String(input))) demandNoMore(trace, rows)
      simulated(trace)
    },
  }
}

/** Bytes after one to four changes: flipped bits, bytes lost, doubled or put in, cut short. */
function damaged(bytes: Uint8Array, source: MixedSource): Buffer {
  let changed = Buffer.from(bytes)
  for (let times = 1 + source.below(4); times > 0; times -= 1) {
    const at = source.below(changed.length + 1)
    const to = Math.min(changed.length, at + 1 + source.below(8))
    const change = source.below(6)
    if (change < 2 && at < changed.length) changed[at]! ^= 1 << source.below(8)
    else if (change === 2) changed = Buffer.concat([changed.subarray(0, at), changed.subarray(to)])
    else if (change === 3) changed = Buffer.concat([changed.subarray(0, to), changed.subarray(at)])
    else if (change === 4)
      changed = Buffer.concat([changed.subarray(0, at), Buffer.of(source.below(256)), changed.subarray(at)])
    else if (source.oneIn(4)) changed = changed.subarray(0, at)
    else if (at < changed.length) changed[at] = source.of([0, 1, 127, 128, 255])
  }
  return changed
}

function demandNoMore({ invocations }: Trace, rows: number): void {
  if (invocations > rows) throw new Miscount(`${invocations} invocations of ${rows} rows`)
}

/** A column of a table as its type and the texts of its cells; null where a cell is empty. */
interface Column {
  readonly type: 'STRING' | 'DOUBLE' | 'INT64' | 'BOOLEAN' | 'TIMESTAMP'
  readonly cells: readonly (string | null)[]
}
type Table = Readonly<Record<'app' | 'at' | 'took' | 'mb' | 'cold', Column>>

const WORDS = [
  'a',
  'b',
  'käse',
  '',
  ' ',
  'a b',
  '0',
  '-1',
  'NaN',
  '1e3',
  'null',
  'true',
  '2026-05-01T00:00:00Z',
  '__proto__',
  '"',
]
const NUMBERS = [
  '0',
  '1',
  '5',
  '60000',
  '0.25',
  '-1',
  '1e308',
  '1e-6',
  'NaN',
  'Infinity',
  '9007199254740993',
  '1777593600000',
]
const WHOLES = ['0', '1', '5', '60000', '-1', '1777593600000', '9007199254740993', '-9223372036854775808']
const CELLS: Readonly<Record<Column['type'], readonly string[]>> = {
  STRING: WORDS,
  DOUBLE: NUMBERS,
  INT64: WHOLES,
  BOOLEAN: ['true', 'false'],
  TIMESTAMP: ['0', '1777593600000', '1777593660001', '-1', '253402300799000'],
}
/** Times that are in order more often than not. */
const LIKELY: Readonly<Record<keyof Table, readonly Column['type'][]>> = {
  app: ['STRING', 'STRING', 'STRING', 'INT64', 'BOOLEAN'],
  at: ['TIMESTAMP', 'TIMESTAMP', 'INT64', 'DOUBLE', 'STRING'],
  took: ['DOUBLE', 'DOUBLE', 'INT64', 'STRING'],
  mb: ['DOUBLE', 'INT64', 'STRING'],
  cold: ['BOOLEAN', 'BOOLEAN', 'STRING'],
}
const PLAIN: Readonly<Record<keyof Table, (row: number) => string>> = {
  app: (row) => 'ab'[row % 2]!,
  at: (row) => String(1_777_593_600_000 + row * 60_000),
  took: (row) => String(row),
  mb: () => '128',
  cold: (row) => String(row === 0),
}

/** A table in which most columns are in order. */
function drawnTable(source: MixedSource): Table {
  const rows = source.oneIn(10) ? 0 : 1 + source.below(5)
  const column = (key: keyof Table): Column => {
    const isPlain = !source.oneIn(5)
    const type = isPlain ? LIKELY[key][0]! : source.of(LIKELY[key])
    const cells = Array.from({ length: rows }, (_, row) => {
      if (isPlain) return PLAIN[key](row)
      return source.oneIn(8) ? null : source.of(CELLS[type])
    })
    return { type, cells }
  }
  return { app: column('app'), at: column('at'), took: column('took'), mb: column('mb'), cold: column('cold') }
}

function valueOf({ type }: Column, cell: string | null): unknown {
  if (cell === null || type === 'STRING') return cell
  if (type === 'DOUBLE') return Number(cell)
  if (type === 'INT64') return BigInt(cell)
  return type === 'BOOLEAN' ? cell === 'true' : new Date(Number(cell))
}

/** A cell as a CSV file would have it. */
function written(column: Column, cell: string | null): string {
  const value = valueOf(column, cell)
  const text = value instanceof Date ? value.toISOString() : String(value ?? '')
  return `"${text.replaceAll('"', '""')}"`
}

const mapping = (as: 'csv' | 'parquet' | 'arrow', unit: 'ms' | undefined): Mapping => ({
  read: { as },
  app: 'app',
  start: { from: 'at', ...(unit === undefined ? {} : { unit }) },
  duration: { from: 'took', unit: 'ms' },
  memory: { from: 'mb', unit: 'MB' },
  cold: { from: 'cold', is: ['true'] },
})

function parquetOf(table: Table): Uint8Array {
  const columnData = Object.entries(table).map(([name, column]: [string, Column]) => ({
    name,
    data: column.cells.map((cell) => valueOf(column, cell)),
    type: column.type,
    nullable: true,
  }))
  return new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 2 }))
}

const ARROW_TYPES = { STRING: utf8(), TIMESTAMP: timestamp(1) } as const

function arrowOf(table: Table): Uint8Array {
  const columns = Object.fromEntries(
    Object.entries(table).map(([name, column]: [string, Column]) => [
      name,
      column.cells.map((cell) => {
        const value = valueOf(column, cell)
        return value instanceof Date ? BigInt(value.getTime()) : value
      }),
    ]),
  )
  const types = Object.fromEntries(
    Object.entries(table).flatMap(([name, { type }]: [string, Column]) =>
      type in ARROW_TYPES ? [[name, ARROW_TYPES[type as keyof typeof ARROW_TYPES]]] : [],
    ),
  )
  return tableToIPC(tableFromArrays(columns, { types, maxBatchRows: 2 }), { format: 'file' })!
}

/** What a reader says of a trace: its digest, or that it was refused. */
async function heard(path: string, mapped: Mapping): Promise<{ readonly trace?: Trace; readonly refusal?: UserError }> {
  try {
    return { trace: await readTrace(path, { mapping: mapped }) }
  } catch (error) {
    if (error instanceof UserError) return { refusal: error }
    throw error
  }
}

/** A table of columns of drawn types and values: the reader of text, which shares no code with it, must say the same. */
function drawnColumns(as: 'parquet' | 'arrow', bytesOf: (table: Table) => Uint8Array): FuzzClass {
  return {
    id: `tables of ${as === 'parquet' ? 'Parquet' : 'Arrow'}`,
    share: 0.5,
    make: (source) => JSON.stringify([drawnTable(source), source.oneIn(2) ? 'ms' : 'iso']),
    async take(input, folder) {
      const [table, unit] = JSON.parse(String(input)) as [Table, 'ms' | 'iso']
      const inUnit = unit === 'ms' ? 'ms' : undefined
      const rows = table.app.cells.map((_, row) =>
        Object.values(table).map((column: Column) => written(column, column.cells[row]!)),
      )
      writeFileSync(
        join(folder, 'table.csv'),
        `${[Object.keys(table), ...rows].map((cells) => cells.join()).join('\n')}\n`,
      )
      writeFileSync(join(folder, `table.${as}`), bytesOf(table))
      const text = await heard(join(folder, 'table.csv'), mapping('csv', inUnit))
      const columns = await heard(join(folder, `table.${as}`), mapping(as, inUnit))
      if (text.trace?.digest !== columns.trace?.digest)
        throw new Miscount(`the text says ${toldOf(text)}, and the columns ${toldOf(columns)}`)
      if (columns.refusal !== undefined) throw columns.refusal
      demandNoMore(columns.trace!, rows.length)
      simulated(columns.trace!)
    },
  }
}

function toldOf({ trace, refusal }: Awaited<ReturnType<typeof heard>>): string {
  return refusal?.message ?? `${trace!.invocations} invocations, ${trace!.digest}`
}

/** Right tables, byte by byte changed. */
function damagedColumns(as: 'parquet' | 'arrow', bytesOf: (table: Table) => Uint8Array): FuzzClass {
  const rows = 40
  const column = (type: Column['type'], key: keyof Table): Column => ({
    type,
    cells: Array.from({ length: rows }, (_, row) => PLAIN[key](row)),
  })
  const bytes = bytesOf({
    app: column('STRING', 'app'),
    at: column('TIMESTAMP', 'at'),
    took: column('DOUBLE', 'took'),
    mb: column('DOUBLE', 'mb'),
    cold: column('BOOLEAN', 'cold'),
  })
  return {
    id: `damaged files of ${as === 'parquet' ? 'Parquet' : 'Arrow'}`,
    // One that is refused for the time that it takes takes two seconds.
    ...(as === 'arrow' ? { share: 0.25 } : {}),
    // Whole ones now and then: hardly a change goes unnoticed.
    make: (source) => (source.oneIn(6) ? Buffer.from(bytes) : damaged(bytes, source)),
    async take(input, folder) {
      const path = join(folder, `damaged.${as}`)
      writeFileSync(path, input)
      const trace = await readTrace(path, { mapping: mapping(as, undefined) })
      demandNoMore(trace, rows)
      simulated(trace)
    },
  }
}

/** Classes of traces that others wrote: a log of every preset, and files of columns. */
export const TRACE_CLASSES: readonly FuzzClass[] = [
  ...PRESETS.map(({ id }) => logsOf(id)),
  drawnColumns('parquet', parquetOf),
  drawnColumns('arrow', arrowOf),
  damagedColumns('parquet', parquetOf),
  damagedColumns('arrow', arrowOf),
]
