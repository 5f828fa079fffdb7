import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { UserError } from '../../core/user-error.ts'
import type { TraceColumn } from '../shared-array.ts'
import { headerSchema } from './compiled-schema.ts'
import { columnTypes, type TraceAbout, type TraceParts } from '../trace-parts.ts'

/*
 * A compiled trace, little-endian:
 *   0   8 bytes   the letters "PLTTRACE"
 *   8   uint32    version of the layout
 *   12  uint32    length of the header in bytes, a multiple of 8
 *   16  32 bytes  SHA-256 of the header
 *   48            the header: JSON in UTF-8, padded with spaces
 *   then          the columns, each at a multiple of 8 bytes
 */
export const MAGIC = 'PLTTRACE'
const PREFIX_BYTES = 48
const VERSION = 4
/** Bytes that are checked at a time. */
const PIECE = 1 << 26
const AGAIN = 'Import the trace again from its source.'

interface ColumnPlace {
  readonly name: string
  /** Bytes after the end of the header. */
  readonly at: number
  /** Cells. */
  readonly length: number
  /** CRC-32 of its bytes. */
  readonly checksum: number
}

/** What the header holds: what the trace says of itself, and where its columns are. */
export interface CompiledHeader {
  readonly about: TraceAbout
  readonly columns: readonly ColumnPlace[]
  /** Of all columns, with the gaps between them. */
  readonly bytes: number
}

/** The beginning of a compiled file: its prefix and header. */
export function encodeHeader({ about, columns }: TraceParts): {
  readonly bytes: Buffer
  readonly header: CompiledHeader
} {
  const places: ColumnPlace[] = []
  let end = 0
  for (const [name] of columnTypes(about)) {
    const column = columns[name]!
    places.push({ name, at: end, length: column.length, checksum: checksumOf(column) })
    end = roundedUp(end + column.byteLength)
  }
  const header = { about, columns: places, bytes: end }
  const json = Buffer.from(JSON.stringify(header), 'utf8')
  const text = Buffer.alloc(roundedUp(json.length), ' ')
  json.copy(text)
  const prefix = Buffer.alloc(PREFIX_BYTES)
  prefix.write(MAGIC, 'latin1')
  prefix.writeUInt32LE(VERSION, 8)
  prefix.writeUInt32LE(text.length, 12)
  createHash('sha256').update(text).digest().copy(prefix, 16)
  return { bytes: Buffer.concat([prefix, text]), header }
}

/**
 * The header of a compiled file and where its columns begin. Throws a {@link UserError} when the file is no compiled
 * trace, or one of another version, or cut short, or was changed, or goes on behind its columns.
 */
export function decodeHeader(
  file: Buffer,
  path: string,
): { readonly header: CompiledHeader; readonly columnsAt: number } {
  if (file.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    const problem = `a compiled trace begins with "${MAGIC}", and this file does not`
    throw new UserError({ where: path, problem, hint: 'Was it made by "pilotlight import"?' })
  }
  if (file.length < PREFIX_BYTES) throw cutShort(path, file.length, PREFIX_BYTES)
  const version = file.readUInt32LE(8)
  if (version !== VERSION) {
    const problem = `this is a compiled trace of version ${version}, and version ${VERSION} was expected`
    throw new UserError({ where: path, problem, hint: AGAIN })
  }
  const columnsAt = PREFIX_BYTES + file.readUInt32LE(12)
  if (file.length < columnsAt) throw cutShort(path, file.length, columnsAt)
  const text = file.subarray(PREFIX_BYTES, columnsAt)
  if (!createHash('sha256').update(text).digest().equals(file.subarray(16, PREFIX_BYTES))) throw damaged(path)
  const header = headerIn(text.toString('utf8'), path)
  const whole = columnsAt + header.bytes
  if (file.length < whole) throw cutShort(path, file.length, whole)
  if (file.length > whole) {
    const problem = `the file goes on behind its trace: ${file.length} bytes, and ${whole} were expected`
    throw new UserError({ where: path, problem, hint: AGAIN })
  }
  return { header, columnsAt }
}

/** The header that a text holds, every place in it inside the columns. Throws a {@link UserError} for any other text. */
function headerIn(text: string, path: string): CompiledHeader {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw noTrace(path, 'its header is no JSON')
  }
  const parsed = headerSchema.safeParse(value)
  if (!parsed.success) throw noTrace(path, `its header is not right at ${parsed.error.issues[0]!.path.join('.')}`)
  const header = parsed.data as unknown as CompiledHeader
  const types = columnTypes(header.about)
  const isWhole =
    header.columns.length === types.length &&
    types.every(([name, type], index) => {
      const place = header.columns[index]!
      return place.name === name && place.at + place.length * type.BYTES_PER_ELEMENT <= header.bytes
    })
  if (!isWhole) throw noTrace(path, 'its columns are not those of a trace')
  return header
}

/** The complaint about a file that no pilotlight wrote, for all that its digest is right. */
export function noTrace(path: string, why: string): UserError {
  return new UserError({ where: path, problem: `it is no compiled trace: ${why}`, hint: AGAIN })
}

/**
 * The columns as views of the file's memory. Throws a {@link UserError} where one does not match its checksum. A CRC-32
 * tells every damage of up to 32 bits that follow one another, and of all others all but one in four thousand million; it
 * is read at several GB/s, so that opening takes no longer than reading.
 */
export function columnsIn(
  memory: SharedArrayBuffer,
  { header, columnsAt }: { readonly header: CompiledHeader; readonly columnsAt: number },
  path: string,
): Record<string, TraceColumn> {
  const types = new Map(columnTypes(header.about))
  const columns: Record<string, TraceColumn> = {}
  for (const { name, at, length, checksum } of header.columns) {
    const column = new (types.get(name)!)(memory, columnsAt + at, length)
    if (checksumOf(column) !== checksum) throw damaged(path)
    columns[name] = column
  }
  return columns
}

function checksumOf({ buffer, byteOffset, byteLength }: TraceColumn): number {
  let checksum = 0
  // One call takes at most 4 GB.
  for (let at = 0; at < byteLength; at += PIECE)
    checksum = crc32(new Uint8Array(buffer, byteOffset + at, Math.min(PIECE, byteLength - at)), checksum)
  return checksum
}

/** The complaint about a file that was changed since it was written. */
function damaged(path: string): UserError {
  return new UserError({
    where: path,
    problem: 'its content does not match its digest, so the file is damaged',
    hint: AGAIN,
  })
}

function cutShort(path: string, bytes: number, expected: number): UserError {
  const problem = `the file is cut short: ${bytes} bytes, and at least ${expected} were expected`
  return new UserError({ where: path, problem, hint: AGAIN })
}

function roundedUp(bytes: number): number {
  return Math.ceil(bytes / 8) * 8
}
