import { open } from 'node:fs/promises'
import zlib from 'node:zlib'
import type { Compressors, FileMetaData } from 'hyparquet'
import { UserError } from '../../core/user-error.ts'
import { refused } from '../../files/system-error.ts'
import { type ColumnarFile, type ColumnBatch, damaged } from './columnar-rows.ts'

/** The columns that are wanted of a group of rows are held at once; more bytes than this are refused. */
const MOST_GROUP_BYTES = 2 ** 31
/** And no column of values can be longer. */
const MOST_GROUP_ROWS = 2 ** 27

/** What Node unpacks itself; Snappy is in the library. */
const compressors: Compressors = {
  GZIP: (input, length) => zlib.gunzipSync(input, { maxOutputLength: length }),
  BROTLI: (input, length) => zlib.brotliDecompressSync(input, { maxOutputLength: length }),
  ZSTD: (input, length) => zlib.zstdDecompressSync(input, { maxOutputLength: length }),
}

/** Opens an Apache Parquet file (https://parquet.apache.org). Throws a UserError for one that is damaged. */
export async function openParquet(path: string): Promise<ColumnarFile> {
  const { parquetMetadataAsync, parquetSchema } = await import('hyparquet')
  const source = await sourceOf(path)
  let metadata: FileMetaData
  try {
    metadata = await parquetMetadataAsync(source.at(() => {}))
  } catch (error) {
    throw damaged(path, 'Parquet', error)
  }
  return {
    names: parquetSchema(metadata).children.map(({ element }) => element.name),
    bytes: source.byteLength,
    batches: (wanted, onRead) => batchesOf(path, source, metadata, wanted, onRead),
  }
}

type ParquetSource = Awaited<ReturnType<typeof sourceOf>>

/** The bytes of a file by their places. */
async function sourceOf(path: string) {
  const bytesAt = async (start: number, length: number): Promise<ArrayBuffer> => {
    const file = await open(path)
    try {
      const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, start)
      if (bytesRead < length) throw new UserError({ where: path, problem: 'the file is cut short' })
      return buffer.buffer
    } finally {
      await file.close()
    }
  }
  const { size: byteLength } = await open(path).then(
    async (file) => file.stat().finally(() => file.close()),
    (error: unknown) => {
      throw refused(path, 'read', error)
    },
  )
  return {
    byteLength,
    at: (onRead: (length: number) => void) => ({
      byteLength,
      async slice(start: number, end = byteLength): Promise<ArrayBuffer> {
        const from = start < 0 ? Math.max(0, byteLength + start) : start
        if (!(from >= 0 && end >= from && end <= byteLength))
          throw new UserError({
            where: path,
            problem: `bytes ${from} to ${end} are asked for, and it has ${byteLength}`,
          })
        onRead(end - from)
        return bytesAt(from, end - from)
      },
    }),
  }
}

async function* batchesOf(
  path: string,
  source: ParquetSource,
  metadata: FileMetaData,
  wanted: readonly string[],
  onRead: ((bytes: number) => void) | undefined,
): AsyncGenerator<ColumnBatch> {
  const { parquetRead } = await import('hyparquet')
  const { demandSoundPages } = await import('./parquet-pages.ts')
  let read = 0
  const unheard = source.at(() => {})
  const file = source.at((length) => onRead?.(Math.min(source.byteLength, (read += length))))
  let begin = 0
  for (const group of metadata.row_groups) {
    const rows = Number(group.num_rows)
    const columns = group.columns.flatMap(({ meta_data: column }) =>
      column !== undefined && wanted.includes(column.path_in_schema[0]!) ? [column] : [],
    )
    const size = columns.reduce((sum, column) => sum + Number(column.total_uncompressed_size), 0)
    if (!(rows >= 0 && rows <= MOST_GROUP_ROWS)) {
      const problem = `a group of its rows has ${rows}, and at most ${MOST_GROUP_ROWS} are read`
      throw new UserError({ where: path, problem, hint: 'Write it with smaller row groups.' })
    }
    if (!(size <= MOST_GROUP_BYTES)) {
      const problem = `a group of its rows has ${size} bytes in the columns that are asked for, and at most ${MOST_GROUP_BYTES} are read`
      throw new UserError({ where: path, problem, hint: 'Write it with smaller row groups.' })
    }
    const found = new Map<string, ArrayLike<unknown>>()
    let uneven: string | undefined
    try {
      for (const column of columns) {
        const { data_page_offset: data, dictionary_page_offset: dictionary, total_compressed_size: length } = column
        // As the library does: a dictionary of 0 is none.
        const start = Number(dictionary || data)
        if (!(Number(column.num_values) <= MOST_GROUP_ROWS))
          throw new Error('a column has more values than can be held')
        demandSoundPages(await unheard.slice(start, start + Number(length)), column)
      }
      await parquetRead({
        file,
        metadata,
        columns: [...wanted],
        rowStart: begin,
        rowEnd: begin + rows,
        compressors,
        onChunk({ columnName, columnData, rowStart }) {
          // What is thrown here, nobody hears.
          if (rowStart !== begin || columnData.length < rows || found.has(columnName)) uneven = columnName
          found.set(columnName, columnData)
        },
      })
      if (uneven !== undefined) throw new Error(`the column ${uneven} has other rows than the others`)
    } catch (error) {
      throw damaged(path, 'Parquet', error)
    }
    begin += rows
    yield { rows, column: (name) => valuesOf(found.get(name)) }
  }
}

function valuesOf(column: ArrayLike<unknown> | undefined): ((row: number) => unknown) | undefined {
  return column === undefined ? undefined : (row) => column[row]
}
