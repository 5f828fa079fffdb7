import { sharedArray } from '../shared-array.ts'
import type { Names } from '../trace.ts'

/** Texts end to end in one block of UTF-8: no string exists until somebody asks for it. */
export class PackedNames implements Names {
  readonly bytes: Uint8Array
  /** `count + 1` entries: text `i` is the bytes `offset[i]` up to, not including, `offset[i + 1]`. */
  readonly offset: Float64Array
  private readonly text: Buffer

  constructor(bytes: Uint8Array, offset: Float64Array) {
    this.bytes = bytes
    this.offset = offset
    this.text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  get count(): number {
    return this.offset.length - 1
  }

  at(index: number): string {
    return this.text.toString('utf8', this.offset[index], this.offset[index + 1])
  }
}

/** Packs texts in their order. */
export function packNames(texts: Iterable<string>): PackedNames {
  const pieces = Array.from(texts, (text) => Buffer.from(text, 'utf8'))
  const offset = sharedArray(Float64Array, pieces.length + 1)
  pieces.forEach((piece, index) => {
    offset[index + 1] = offset[index]! + piece.length
  })
  const bytes = sharedArray(Uint8Array, offset[pieces.length]!)
  pieces.forEach((piece, index) => bytes.set(piece, offset[index]))
  return new PackedNames(bytes, offset)
}

/** The same names, packed; as they are when they are packed already. */
export function packed(names: Names): PackedNames {
  if (names instanceof PackedNames) return names
  return packNames(Array.from({ length: names.count }, (_, index) => names.at(index)))
}
