import { UserError } from '../../core/user-error.ts'
import type { BlockScanner } from './blocks.ts'
import { RecordFields } from './record.ts'
import { unpackedBytes } from './source-bytes.ts'

/** Reads a CSV file record by record, the header included; blank lines are passed over. */
export class RecordScanner implements BlockScanner {
  line = 1
  private readonly path: string
  private readonly fields = new RecordFields()
  private readonly onRecord: (fields: RecordFields, line: number) => void

  /** `onRecord` hears each record with the line it begins on; its fields are those of the next record afterwards. */
  constructor(path: string, onRecord: (fields: RecordFields, line: number) => void) {
    this.path = path
    this.onRecord = onRecord
  }

  scan(bytes: Buffer, from: number, to: number): number {
    const { fields, path } = this
    let at = from
    while (at < to) {
      const next = fields.split(bytes, at, to, path, this.line)
      if (next < 0) break
      if (!fields.blank) this.onRecord(fields, this.line)
      this.line += fields.lines
      at = next
    }
    return at
  }
}

const LONGEST_HEADER = 1 << 20

/**
 * The header of a CSV file: the fields of its first line that is not blank. Undefined when the file does not begin like
 * a CSV file; throws a {@link UserError} when it is empty or cannot be read.
 */
export async function headerOf(path: string): Promise<readonly string[] | undefined> {
  let begin = Buffer.alloc(0)
  for await (const chunk of unpackedBytes(path)) {
    begin = Buffer.concat([begin, chunk])
    const header = firstRecord(begin)
    if (header !== 'unfinished') return header
    if (begin.length > LONGEST_HEADER) return undefined
  }
  if (begin.length === 0) throw new UserError({ where: path, problem: 'the file is empty' })
  const header = firstRecord(Buffer.concat([begin, Buffer.from('\n')]))
  return header === 'unfinished' ? undefined : header
}

function firstRecord(bytes: Buffer): readonly string[] | undefined | 'unfinished' {
  const fields = new RecordFields()
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  try {
    do at = fields.split(bytes, at, bytes.length, '', 1)
    while (at >= 0 && fields.blank)
  } catch (error) {
    // A file with quotes in odd places is no table; what it is instead, another format may know.
    if (error instanceof UserError) return undefined
    throw error
  }
  return at < 0 ? 'unfinished' : fields.texts()
}
