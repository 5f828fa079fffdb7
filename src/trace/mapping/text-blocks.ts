import { UserError } from '../../core/user-error.ts'
import { placeOf } from '../table/place.ts'
import { type BlockScanner, scanBlocks } from '../table/blocks.ts'
import { unpackedBytes } from '../table/source-bytes.ts'

/** No row is longer than this many characters; it keeps a file without line breaks from filling the memory. */
const LONGEST_ROW = 1 << 24

/** Takes the text of a file piece by piece. */
export interface TextScanner {
  /** The line, from 1, that the next row begins on. */
  readonly line: number
  /** Whether its rows do not end with lines, so that a text may be cut anywhere. */
  readonly cutsAnywhere?: boolean
  /**
   * Reads the whole rows of a text and gives where the first unfinished one begins; it is seen again from its beginning
   * with more text after it. The text ends with a line break; `isLast` says that the file ends there too.
   */
  scan(text: string, isLast: boolean): number
}

/**
 * Feeds a file's text to a scanner in pieces that end with a line. Gzip is unpacked; UTF-8 and, told by its mark,
 * UTF-16 are read. Gives how many bytes there were.
 */
export async function scanText(path: string, scanner: TextScanner, onRead?: (bytes: number) => void): Promise<number> {
  let rest = ''
  let bytes = 0
  for await (const piece of textPieces(
    unpackedBytes(path, onRead),
    scanner.cutsAnywhere === true,
    (read) => (bytes += read),
  )) {
    const text = rest === '' ? piece : rest + piece
    rest = text.slice(scanner.scan(text, false))
    if (rest.length > LONGEST_ROW) {
      const problem = `the row that begins here is longer than ${LONGEST_ROW} characters, so it is no row`
      throw new UserError({
        where: placeOf(path, scanner.line),
        problem,
        hint: 'Is the file text, and are its quotes closed?',
      })
    }
  }
  scanner.scan(rest === '' || rest.endsWith('\n') ? rest : `${rest}\n`, true)
  return bytes
}

/**
 * Feeds a file's bytes in UTF-8 to a scanner of them; gzip is unpacked, and UTF-16 is turned into UTF-8. Gives how many
 * bytes the file had after unpacking.
 */
export async function scanBytes(
  path: string,
  scanner: BlockScanner,
  onRead?: (bytes: number) => void,
): Promise<number> {
  let bytes = 0
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of unpackedBytes(path, onRead)) {
      bytes += chunk.length
      yield chunk
    }
  }
  await scanBlocks(asUtf8(counted()), scanner, path, LONGEST_ROW)
  return bytes
}

/** Chunks of bytes as they are, or of UTF-16, told by its mark, as UTF-8. */
async function* asUtf8(chunks: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    const { value: first } = await chunks.next()
    if (first === undefined) return
    if (encodingOf(first) === 'utf8') {
      yield first
      yield* chunks
      return
    }
    const rest = async function* (): AsyncGenerator<Uint8Array> {
      yield first
      yield* chunks
    }
    for await (const text of textPieces(rest(), true, () => {})) yield Buffer.from(text, 'utf8')
  } finally {
    // Whoever stops at the first chunk leaves a file open otherwise.
    await chunks.return(undefined)
  }
}

/** The text of chunks of bytes, cut behind line breaks, or anywhere between characters. */
async function* textPieces(
  chunks: AsyncIterable<Uint8Array>,
  anywhere: boolean,
  onBytes: (bytes: number) => void,
): AsyncGenerator<string> {
  let held = Buffer.alloc(0)
  let encoding: 'utf8' | 'utf16le' | 'utf16be' | undefined
  for await (const chunk of chunks) {
    onBytes(chunk.length)
    let bytes =
      held.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length) : Buffer.concat([held, chunk])
    if (encoding === undefined) {
      if (bytes.length < 3) {
        held = Buffer.from(bytes)
        continue
      }
      encoding = encodingOf(bytes)
      bytes = bytes.subarray(markLength(bytes))
    }
    const cut = anywhere ? lastCharacter(bytes, encoding) : lastLine(bytes, encoding)
    if (cut > 0) yield decoded(bytes.subarray(0, cut), encoding)
    held = Buffer.from(bytes.subarray(cut))
    if (held.length > 4 * LONGEST_ROW) break
  }
  if (held.length > 0) yield decoded(held.subarray(encoding === undefined ? markLength(held) : 0), encoding ?? 'utf8')
}

/** Bytes up to behind the last character that is surely whole. */
function lastCharacter(bytes: Buffer, encoding: string): number {
  // A surrogate at the end waits for its other half.
  if (encoding !== 'utf8') return Math.max(0, bytes.length - (bytes.length % 2) - 2)
  let cut = bytes.length
  while (cut > 0 && bytes[cut - 1]! >= 0x80) cut -= 1
  return cut
}

/** Bytes up to behind the last line break. */
function lastLine(bytes: Buffer, encoding: string): number {
  if (encoding === 'utf8') return bytes.lastIndexOf(10) + 1
  const even = bytes.length - (bytes.length % 2)
  for (let at = even - 2; at >= 0; at -= 2) {
    const code = encoding === 'utf16le' ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at)
    if (code === 10) return at + 2
  }
  return 0
}

function decoded(bytes: Buffer, encoding: 'utf8' | 'utf16le' | 'utf16be'): string {
  if (encoding === 'utf16be')
    return Buffer.from(bytes.subarray(0, bytes.length & ~1))
      .swap16()
      .toString('utf16le')
  return bytes.toString(encoding)
}

/** The encoding that the first bytes of a file tell. */
export function encodingOf(bytes: Uint8Array): 'utf8' | 'utf16le' | 'utf16be' {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf16le'
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf16be' : 'utf8'
}

/** Bytes of the mark at the beginning of a file. */
export function markLength(bytes: Uint8Array): number {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 3
  return encodingOf(bytes) === 'utf8' ? 0 : 2
}
