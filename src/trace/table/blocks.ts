import { UserError } from '../../core/user-error.ts'
import { placeOf } from './place.ts'

const LF = 10
/** Zero bytes after the data, so that a scanner may look a few bytes ahead. */
const LOOK_AHEAD = 16
/** Small, since most small files need no more; a larger chunk makes a larger block. */
const FIRST_CAPACITY = 1 << 16
/** No record is longer than this; it keeps a file without line breaks from filling the memory. */
const LONGEST_RECORD = 1 << 20

/** Reads records out of blocks of bytes. */
export interface BlockScanner {
  /** The line, from 1, that the next record begins on. */
  readonly line: number
  /**
   * Reads the whole records between `from` and `to` and gives where the first unfinished one begins; it is seen again
   * from its beginning with more bytes after it. The bytes after `to` are zero for {@link LOOK_AHEAD} bytes, and
   * `bytes` have their memory for themselves, from its beginning.
   */
  scan(bytes: Buffer, from: number, to: number): number
}

/**
 * Feeds a file's bytes, in chunks that may end anywhere, to a scanner of records. A UTF-8 byte-order mark is skipped and
 * a last line without a line break gets one. `path` is for errors, and `longest` how many bytes a record may have. Gives how many bytes there were.
 */
export async function scanBlocks(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  scanner: BlockScanner,
  path: string,
  longest = LONGEST_RECORD,
): Promise<number> {
  let block = newBlock(FIRST_CAPACITY)
  let length = 0
  let total = 0
  for await (const chunk of chunks) {
    if (length + chunk.length + LOOK_AHEAD > block.length) {
      const wider = newBlock(2 * (length + chunk.length + LOOK_AHEAD))
      wider.set(block.subarray(0, length))
      block = wider
    }
    block.set(chunk, length)
    length += chunk.length
    const begun = total >= 3
    total += chunk.length
    // Until three bytes are there, a byte-order mark cannot be told from text.
    if (total < 3) continue
    block.fill(0, length, length + LOOK_AHEAD)
    const from = begun ? 0 : markLength(block)
    const next = scanner.scan(block, from, length)
    block.copyWithin(0, next, length)
    length -= next
    if (length > longest) throw tooLong(path, scanner.line, longest)
  }
  if (length > 0) finish(block, length, scanner, path)
  return total
}

/** The rest of the file that no line break follows. */
function finish(block: Buffer, length: number, scanner: BlockScanner, path: string): void {
  block[length] = LF
  block.fill(0, length + 1, length + LOOK_AHEAD)
  if (scanner.scan(block, 0, length + 1) === length + 1) return
  const problem = 'a quoted field begins on this line, and the file ends before its closing quote'
  throw new UserError({ where: placeOf(path, scanner.line), problem })
}

/** A block in memory of its own, not in Node's pool, filled with zeros. */
function newBlock(length: number): Buffer {
  return Buffer.from(new ArrayBuffer(length))
}

function markLength(bytes: Buffer): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
}

function tooLong(path: string, line: number, longest: number): UserError {
  return new UserError({
    where: placeOf(path, line),
    problem: `this line is longer than ${longest} bytes, so it is no row of a table`,
    hint: 'Is the file a text table, and are its quotes closed?',
  })
}
