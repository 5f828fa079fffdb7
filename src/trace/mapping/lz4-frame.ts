const MAGIC = 0x184d2204

/**
 * Unpacks frames of LZ4 (https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md), which Feather files have; no
 * well-kept package for it is light. Checksums are passed over. Throws an Error for what is no such frame, or holds
 * other than `length` bytes.
 */
export function lz4Frame(bytes: Uint8Array, length: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const out = new Uint8Array(length)
  let at = 0
  let filled = 0
  while (at < bytes.length) {
    if (view.getUint32(at, true) !== MAGIC) throw new Error('no LZ4 frame begins where one should')
    const flags = view.getUint8(at + 4)
    const [hasBlockSums, hasSize, hasSum, hasDictionary] = [16, 8, 4, 1].map((bit) => (flags & bit) !== 0)
    if (flags >> 6 !== 1 || hasDictionary === true) throw new Error('an LZ4 frame of a kind that is not read')
    at += 7 + (hasSize === true ? 8 : 0)
    for (;;) {
      const size = view.getUint32(at, true)
      at += 4
      if (size === 0) break
      const block = bytes.subarray(at, at + (size & 0x7fffffff))
      if (block.length !== (size & 0x7fffffff)) throw new Error('an LZ4 frame that is cut short')
      if (size >>> 31 === 1) {
        out.set(block, filled)
        filled += block.length
      } else filled = lz4Block(block, out, filled)
      at += block.length + (hasBlockSums === true ? 4 : 0)
    }
    if (hasSum === true) at += 4
  }
  if (filled !== length) throw new Error(`an LZ4 frame of ${filled} bytes where ${length} were expected`)
  return out
}

/** Unpacks one block behind the bytes that are there; gives how many there are then. */
function lz4Block(block: Uint8Array, out: Uint8Array, from: number): number {
  let at = 0
  let to = from
  const more = (least: number): number => {
    let count = least
    if (least !== 15) return count
    for (;;) {
      const byte = block[at]
      if (byte === undefined) throw new Error('an LZ4 block that is cut short')
      at += 1
      count += byte
      if (byte !== 255) return count
    }
  }
  while (at < block.length) {
    const token = block[at]!
    at += 1
    const literals = more(token >> 4)
    if (at + literals > block.length || to + literals > out.length) throw new Error('an LZ4 block with too many bytes')
    out.set(block.subarray(at, at + literals), to)
    at += literals
    to += literals
    // The last sequence of a block has no match.
    if (at === block.length) return to
    const back = block[at]! | (block[at + 1]! << 8)
    at += 2
    const match = 4 + more(token & 15)
    if (back === 0 || back > to || to + match > out.length) throw new Error('an LZ4 block that points outside')
    // It may overlap what it is copied to.
    for (let copied = 0; copied < match; copied += 1, to += 1) out[to] = out[to - back]!
  }
  return to
}
