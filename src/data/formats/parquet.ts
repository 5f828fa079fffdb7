import type { FileHandle } from 'node:fs/promises'
import type { ParquetWriter } from 'hyparquet-writer'
import type { DataFormat } from '../data-format.ts'
import type { DataCell, DataColumn, ColumnKind, DataTable } from '../data-table.ts'

/** Rows of a row group at most; readers take one at a time into memory. */
const GROUP_ROWS = 100_000

/** Apache Parquet (https://parquet.apache.org), compressed with Snappy: columns have types, and no value is null. */
export const parquet: DataFormat = {
  id: 'parquet',
  summary: 'Apache Parquet, with types, compressed.',
  content: (table, notes) => (file) => write(table, notes, file),
}

async function write(table: DataTable, notes: Readonly<Record<string, string>>, file: FileHandle): Promise<void> {
  const { ByteWriter, ParquetWriter } = await import('hyparquet-writer')
  const bytes = new ByteWriter()
  const drain = async (): Promise<void> => {
    // What is written goes to the file; the buffer is used again.
    await file.writeFile(new Uint8Array(bytes.buffer, 0, bytes.index))
    bytes.index = 0
  }
  const writer = new ParquetWriter({
    writer: bytes,
    schema: schemaOf(table),
    createdBy: `pilotlight ${notes['version'] ?? ''}`.trim(),
    kvMetadata: Object.entries(notes).map(([key, value]) => ({ key: `pilotlight.${key}`, value })),
  })
  for (const batch of table.batches()) {
    const columnData = table.columns.map(({ name, kind }, index) => ({ name, data: dataOf(kind, batch[index]!) }))
    await writer.write({ columnData, rowGroupSize: GROUP_ROWS })
    await drain()
  }
  await writer.finish()
  await drain()
}

type SchemaElement = ConstructorParameters<typeof ParquetWriter>[0]['schema'][number]

const TYPES: Readonly<Record<ColumnKind, Pick<SchemaElement, 'type' | 'converted_type'>>> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  number: { type: 'DOUBLE' },
  whole: { type: 'INT64' },
}

function schemaOf({ name, columns }: DataTable): SchemaElement[] {
  return [{ name, num_children: columns.length }, ...columns.map(elementOf)]
}

function elementOf({ name, kind }: DataColumn): SchemaElement {
  return { ...TYPES[kind], name, repetition_type: 'OPTIONAL' }
}

function dataOf(kind: ColumnKind, cells: readonly DataCell[]): unknown[] {
  return kind === 'whole' ? cells.map((cell) => (cell === null ? null : BigInt(cell))) : [...cells]
}
