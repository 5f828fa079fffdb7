import { deflateSync, inflateSync } from 'node:zlib'
import { LATENCIES, type LatencyTable } from '../engine/latency.ts'

/** Columns of doubles as a blob: deflated. Level 1 halves the time and costs a tenth of the size. */
export function packNumbers(memory: ArrayBufferLike): Buffer {
  return deflateSync(new Uint8Array(memory), { level: 1 })
}

/** The doubles of a blob, in memory of their own. */
export function unpackNumbers(blob: Uint8Array): ArrayBuffer {
  const bytes = inflateSync(blob)
  const memory = new ArrayBuffer(bytes.length)
  new Uint8Array(memory).set(bytes)
  return memory
}

/** Distributions of latencies as a blob: the columns one after the other, all as doubles. */
export function packLatency({ first, bin, count }: LatencyTable): Buffer {
  const numbers = new Float64Array(first.length + 2 * bin.length)
  numbers.set(first)
  numbers.set(bin, first.length)
  numbers.set(count, first.length + bin.length)
  return packNumbers(numbers.buffer)
}

/** The distributions of a blob, of so many apps. */
export function unpackLatency(blob: Uint8Array, apps: number): LatencyTable {
  const numbers = new Float64Array(unpackNumbers(blob))
  const starts = LATENCIES.length * apps + 1
  const rows = (numbers.length - starts) / 2
  return {
    apps,
    first: numbers.slice(0, starts),
    bin: Uint16Array.from(numbers.subarray(starts, starts + rows)),
    count: numbers.slice(starts + rows),
  }
}

/** A list of names as a blob. */
export function packNames(names: readonly string[]): Buffer {
  return deflateSync(JSON.stringify(names))
}

/** The names of a blob. */
export function unpackNames(blob: Uint8Array): string[] {
  return JSON.parse(inflateSync(blob).toString('utf8')) as string[]
}
