import { deflateSync, inflateSync } from 'node:zlib'
import { z } from 'zod'
import { LATENCIES, type LatencyTable } from '../engine/latency.ts'
import { checkedJson, Damage } from './damage.ts'

/** A column of the largest trace that a machine of 64 GB simulates is smaller. */
const MOST_BYTES = 4 * 1024 ** 3

/** Columns of doubles as a blob: deflated. Level 1 halves the time and costs a tenth of the size. */
export function packNumbers(memory: ArrayBufferLike): Buffer {
  return deflateSync(new Uint8Array(memory), { level: 1 })
}

/**
 * The doubles of a blob, in memory of their own. `mostBytes` is what it should have at most, where that is known: it is
 * then unpacked to its place, and not piece by piece. Throws {@link Damage} for a blob that holds something else.
 */
export function unpackNumbers(blob: unknown, mostBytes?: number): ArrayBuffer {
  const bytes = unpacked(blob, mostBytes)
  if (bytes.length % 8 !== 0) throw new Damage('one of its columns of numbers is cut short')
  const { buffer } = bytes
  if (bytes.length === buffer.byteLength && buffer instanceof ArrayBuffer) return buffer
  const memory = new ArrayBuffer(bytes.length)
  new Uint8Array(memory).set(bytes)
  return memory
}

/** No blob unpacks to more than so many times its own size (zlib.net, technical details). */
const MOST_PACKED = 1032
/** Smaller ones share a piece of memory with others of Node's. */
const LEAST_PIECE = 16 * 1024

/** Unpacks no more than memory can hold at once, whatever a small blob claims to be. */
function unpacked(blob: unknown, mostBytes = LEAST_PIECE): Buffer {
  if (!(blob instanceof Uint8Array)) throw new Damage('one of its columns of numbers is missing')
  const chunkSize = Math.max(LEAST_PIECE, Math.min(mostBytes, blob.length * MOST_PACKED))
  if (chunkSize > MOST_BYTES) throw new Damage('one of its columns of numbers is larger than any store holds')
  try {
    return inflateSync(blob, { chunkSize, maxOutputLength: MOST_BYTES })
  } catch (error) {
    throw new Damage(error instanceof Error ? error.message : String(error))
  }
}

/** Distributions of latencies as a blob: the columns one after the other, all as doubles. */
export function packLatency({ first, bin, count }: LatencyTable): Buffer {
  const numbers = new Float64Array(first.length + 2 * bin.length)
  numbers.set(first)
  numbers.set(bin, first.length)
  numbers.set(count, first.length + bin.length)
  return packNumbers(numbers.buffer)
}

/** The distributions of a blob, of so many apps. Throws {@link Damage} for a blob that holds something else. */
export function unpackLatency(blob: unknown, apps: number): LatencyTable {
  const numbers = new Float64Array(unpackNumbers(blob))
  const starts = LATENCIES.length * apps + 1
  const rows = (numbers.length - starts) / 2
  const first = numbers.slice(0, starts)
  const isOrdered = first.every((start, at) => start >= (first[at - 1] ?? 0) && start <= rows)
  if (!Number.isInteger(rows) || rows < 0 || !isOrdered || first.at(-1) !== rows)
    throw new Damage('one of its tables of latencies is not what a store holds')
  return {
    apps,
    first,
    bin: Uint16Array.from(numbers.subarray(starts, starts + rows)),
    count: numbers.slice(starts + rows),
  }
}

/** A list of names as a blob. */
export function packNameList(names: readonly string[]): Buffer {
  return deflateSync(JSON.stringify(names))
}

const namesSchema = z.array(z.string())

/** The names of a blob. Throws {@link Damage} for a blob that holds something else. */
export function unpackNames(blob: unknown): string[] {
  return checkedJson(unpacked(blob).toString('utf8'), namesSchema, 'list of names')
}
