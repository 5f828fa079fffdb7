/** The array types that a trace's columns have. */
export type TraceColumn = Uint8Array | Uint32Array | Float64Array

/** The constructor of a column's type. */
export interface TraceColumnType<T extends TraceColumn = TraceColumn> {
  new (buffer: ArrayBufferLike, byteOffset?: number, length?: number): T
  readonly BYTES_PER_ELEMENT: number
  readonly name: string
}

/** A column of zeros in memory that workers can share; in memory of its own on a web page, which may have no other. */
export function sharedArray<T extends TraceColumn>(type: TraceColumnType<T>, length: number): T {
  const Memory = typeof SharedArrayBuffer === 'undefined' ? ArrayBuffer : SharedArrayBuffer
  return new type(new Memory(length * type.BYTES_PER_ELEMENT), 0, length)
}
