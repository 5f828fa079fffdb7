import { type FileHandle, open } from 'node:fs/promises'
import { UserError } from '../../core/user-error.ts'
import { replaceFile } from '../../files/replace-file.ts'
import { columnsIn, decodeHeader, encodeHeader, MAGIC, noTrace } from './compiled-layout.ts'
import { unsoundness } from './sound-trace.ts'
import type { ReadOptions } from '../trace-format.ts'
import { firstBytes, unreadable } from '../table/source-bytes.ts'
import { withGaps } from '../arrivals/packed-gaps.ts'
import type { Trace } from '../trace.ts'
import { traceFromParts, traceParts } from '../trace-parts.ts'

/** Files are read and written in pieces, because one call of the system takes at most 2 GB. */
const PIECE = 1 << 26

/** Whether the file begins as a compiled trace of any version does. */
export async function isCompiled(path: string): Promise<boolean> {
  return Buffer.from(await firstBytes(path, MAGIC.length)).toString('latin1') === MAGIC
}

/** Writes a trace as a compiled file. At every moment the path holds the old file, whole, or the new one, whole. */
export async function writeCompiled(trace: Trace, path: string): Promise<void> {
  const parts = traceParts(withGaps(trace))
  const { bytes, header } = encodeHeader(parts)
  await replaceFile(path, async (file) => {
    await write(file, bytes, 0)
    for (const { name, at } of header.columns) await write(file, bytesOf(parts.columns[name]!), bytes.length + at)
    await file.truncate(bytes.length + header.bytes)
  })
}

/**
 * Reads a compiled file into shared memory; the columns are views of that memory, and names are decoded one at a time.
 * All of it is checked against its checksums. Throws a {@link UserError} for a file that is not whole and unchanged.
 */
export async function readCompiled(path: string, options: ReadOptions = {}): Promise<Trace> {
  const memory = await readWhole(path, options)
  const decoded = decodeHeader(Buffer.from(memory), path)
  const parts = { about: decoded.header.about, columns: columnsIn(memory, decoded, path) }
  const unsound = unsoundness(parts)
  if (unsound !== undefined) throw noTrace(path, unsound)
  return traceFromParts(parts)
}

async function readWhole(path: string, { onProgress }: ReadOptions): Promise<SharedArrayBuffer> {
  try {
    const file = await open(path)
    try {
      const { size } = await file.stat()
      const memory = new SharedArrayBuffer(size)
      const bytes = new Uint8Array(memory)
      let done = 0
      while (done < size) {
        const { bytesRead } = await file.read(bytes, done, Math.min(PIECE, size - done), done)
        if (bytesRead === 0) throw new UserError({ where: path, problem: 'the file became shorter while it was read' })
        done += bytesRead
        onProgress?.(done, size)
      }
      return memory
    } finally {
      await file.close()
    }
  } catch (error) {
    throw unreadable(path, error)
  }
}

async function write(file: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, Math.min(PIECE, bytes.length - done), at + done)
    done += bytesWritten
  }
}

function bytesOf(column: ArrayBufferView): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength)
}
