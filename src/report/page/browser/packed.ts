// Reads what page/packed-columns.ts has packed.
import type { Packed } from '../page-contents.ts'

/** The columns of a packed text, inflated by the browser itself. */
export async function unpacked({ sizes, base64 }: Packed): Promise<readonly Uint8Array[]> {
  const packed = Uint8Array.from(atob(base64), (letter) => letter.codePointAt(0)!)
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'))
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer())
  let end = 0
  return sizes.map((size) => bytes.subarray(end, (end += size)))
}

/** Whole numbers of a column. */
export function counts(bytes: Uint8Array): Float64Array {
  const values = new Float64Array(bytes.length)
  let rows = 0
  for (let at = 0; at < bytes.length; rows += 1) {
    let [value, place] = [0, 1]
    for (; bytes[at]! >= 128; at += 1, place *= 128) value += (bytes[at]! - 128) * place
    values[rows] = value + bytes[at]! * place
    at += 1
  }
  return values.slice(0, rows)
}

/** Numbers to three significant digits of a column. */
export function figures(bytes: Uint8Array): Float64Array {
  return counts(bytes).map((code) => (code % 1000) * 10 ** (Math.floor(code / 1000) - 6))
}

/** Texts of a column. */
export function texts(bytes: Uint8Array): readonly string[] {
  return JSON.parse(new TextDecoder().decode(bytes)) as string[]
}
