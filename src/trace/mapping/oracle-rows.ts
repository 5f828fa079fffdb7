import { counted } from '../../core/counted.ts'
import { UserError } from '../../core/user-error.ts'
import { unpackedBytes } from '../table/source-bytes.ts'
import type { FileRows, RowsRead } from './file-rows.ts'

/** Bytes of a record: time (uint32), object (uint64), size (uint32), next access (int64), little-endian. */
const ORACLE_BYTES = 24

/** Whether bytes are the beginning of such a file: times that never fall, sizes above 0. */
export function isOracle(bytes: Uint8Array, isWhole: boolean): boolean {
  const records = Math.min(64, Math.floor(bytes.length / ORACLE_BYTES))
  if (records < 1 || (isWhole && bytes.length % ORACLE_BYTES !== 0)) return false
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let before = 0
  for (let record = 0; record < records; record += 1) {
    const at = record * ORACLE_BYTES
    const time = view.getUint32(at, true)
    const next = view.getBigInt64(at + 16, true)
    // Sizes above 1 TB do not fit; a next access is a record that comes later, or there is none.
    if (time < before || view.getUint32(at + 12, true) === 0) return false
    if (next < -1n || (next > -1n && next <= BigInt(record)) || (next > BigInt(2 ** 48) && next !== 2n ** 63n - 1n))
      return false
    before = time
  }
  return true
}

/** Reads the records; the columns are `time`, `object` and `size`. */
export async function readOracleRows({ path, asked, columns, listener, take }: FileRows): Promise<RowsRead> {
  const getters: Readonly<Record<string, (view: DataView, at: number) => string>> = {
    time: (view, at) => String(view.getUint32(at, true)),
    object: (view, at) => String(view.getBigUint64(at + 4, true)),
    size: (view, at) => String(view.getUint32(at + 12, true)),
  }
  const wanted = asked().map(([column, slot]) => {
    const get = getters[String(column)]
    if (get !== undefined) return { slot, get }
    const problem = `the mapping asks for the column ${JSON.stringify(column)}; there are ${Object.keys(getters).join(', ')}`
    throw new UserError({ where: path, problem })
  })
  let held = Buffer.alloc(0)
  let rows = 0
  let bytes = 0
  for await (const chunk of unpackedBytes(path, listener.onRead)) {
    bytes += chunk.length
    const block = held.length === 0 ? Buffer.from(chunk) : Buffer.concat([held, chunk])
    const view = new DataView(block.buffer, block.byteOffset, block.length)
    let at = 0
    for (; at + ORACLE_BYTES <= block.length; at += ORACLE_BYTES) {
      for (const { slot, get } of wanted) columns.set(slot, get(view, at))
      rows += 1
      take(rows)
    }
    held = block.subarray(at)
  }
  if (held.length > 0) {
    const problem = `records of ${ORACLE_BYTES} bytes were expected, and ${counted(held.length, 'byte is', 'bytes are')} left behind record ${rows}`
    throw new UserError({ where: path, problem })
  }
  return { rows, bytes }
}
