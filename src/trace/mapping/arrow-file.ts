import { readFile, stat } from 'node:fs/promises'
import vm from 'node:vm'
import zlib from 'node:zlib'
import { UserError } from '../../core/user-error.ts'
import { refused } from '../../files/system-error.ts'
import { type ColumnarFile, damaged } from './columnar-rows.ts'
import { lz4Frame } from './lz4-frame.ts'

/** The file is held whole. */
const MOST_BYTES = 2 ** 31 - 1

/** Opens an Apache Arrow file (https://arrow.apache.org): IPC, as Feather 2 is too. Throws a UserError for one that is damaged. */
export async function openArrow(path: string): Promise<ColumnarFile> {
  const { CompressionType, setCompressionCodec, tableFromIPC } = await import('@uwdata/flechette')
  setCompressionCodec(CompressionType.LZ4_FRAME, readOnly(lz4Frame))
  setCompressionCodec(
    CompressionType.ZSTD,
    readOnly((bytes, length) => zlib.zstdDecompressSync(bytes, { maxOutputLength: length })),
  )
  const { size } = await stat(path)
  if (size > MOST_BYTES) {
    const problem = `it has ${size} bytes, and at most ${MOST_BYTES} are read of an Arrow file`
    throw new UserError({ where: path, problem, hint: 'Write it as Parquet, or as several files.' })
  }
  const bytes = await readFile(path).catch((error: unknown) => {
    throw refused(path, 'read', error)
  })
  const table = (() => {
    try {
      return within(longestMs(size), () => tableFromIPC(new Uint8Array(bytes), { useDate: true, useBigInt: true }))
    } catch (error) {
      throw damaged(path, 'Arrow', error)
    }
  })()
  return {
    names: table.schema.fields.map(({ name }) => name),
    bytes: size,
    async *batches(wanted, onRead) {
      const columns = wanted.map((name) => [name, table.getChild(name)] as const)
      const batches = columns[0]?.[1].data.length ?? 0
      for (let index = 0; index < batches; index += 1) {
        const found = new Map(columns.map(([name, column]) => [name, column.data[index]!] as const))
        onRead?.(Math.round((size * (index + 1)) / batches))
        yield {
          rows: columns[0]![1].data[index]!.length,
          column(name) {
            const batch = found.get(name)
            return batch === undefined ? undefined : (row) => valueAt(path, batch, row)
          },
        }
      }
    },
  }
}

/** The library believes the lengths of lists that a file states, and counts to two thousand million for a flipped bit. */
function longestMs(bytes: number): number {
  return 2000 + bytes / 10_000
}

const WORK = new vm.Script('work()')

/** What the work gives, which is ended and refused when it takes longer. */
function within<T>(ms: number, work: () => T): T {
  try {
    return WORK.runInContext(vm.createContext({ work }), { timeout: Math.ceil(ms) }) as T
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
    throw new Error(`its parts are not found within ${Math.ceil(ms / 1000)} s`, { cause: error })
  }
}

/** A value that may be damaged, which shows only when it is looked at. */
function valueAt(path: string, batch: { at(row: number): unknown }, row: number): unknown {
  try {
    return batch.at(row)
  } catch (error) {
    throw damaged(path, 'Arrow', error)
  }
}

/** A codec that only unpacks. */
function readOnly(decode: (bytes: Uint8Array, length: number) => Uint8Array) {
  return {
    decode,
    encode(): Uint8Array {
      throw new Error('nothing is written as Arrow')
    },
  }
}
