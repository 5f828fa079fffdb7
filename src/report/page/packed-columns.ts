import { createHash } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import type { Packed } from './page-contents.ts'

/** Gathers columns; equal ones are kept once. */
export class Packing {
  private readonly columns: Uint8Array[] = []
  private readonly known = new Map<string, number>()

  /** Adds a column and gives its position. */
  add(bytes: Uint8Array): number {
    const digest = createHash('sha256').update(bytes).digest('base64')
    const found = this.known.get(digest)
    if (found !== undefined) return found
    this.columns.push(bytes)
    this.known.set(digest, this.columns.length - 1)
    return this.columns.length - 1
  }

  /** Bytes before compression. */
  get size(): number {
    return this.columns.reduce((sum, { length }) => sum + length, 0)
  }

  packed(): Packed {
    const sizes = this.columns.map((column) => column.length)
    return { sizes, base64: deflateRawSync(Buffer.concat(this.columns), { level: 8 }).toString('base64') }
  }
}

/** Whole numbers from 0 to 2^53, seven bits a byte, the lowest first; a set high bit says that more follow. */
export function countBytes(values: Iterable<number>): Uint8Array {
  const bytes: number[] = []
  for (let value of values) {
    for (; value >= 128; value = Math.floor(value / 128)) bytes.push(128 + (value % 128))
    bytes.push(value)
  }
  return Uint8Array.from(bytes)
}

/** The smallest power of ten that a figure keeps apart from 0. */
const SMALLEST = 6

/** Numbers from 0 on to three significant digits: 1000 times the power of ten, counted from 1e-6, plus the digits. */
export function figureBytes(values: Iterable<number>): Uint8Array {
  return countBytes(Array.from(values, (value) => codeOf(value)))
}

function codeOf(value: number): number {
  if (value === 0) return 0
  const [digits = '', power = ''] = value.toExponential(2).split('e')
  const place = Number(power) - 2 + SMALLEST
  return place < 0 ? 0 : 1000 * place + Number(digits.replace('.', ''))
}

/** Texts, as JSON in UTF-8. */
export function textBytes(texts: readonly string[]): Uint8Array {
  return Buffer.from(JSON.stringify(texts))
}
