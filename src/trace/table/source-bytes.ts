import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'
import { UserError } from '../../core/user-error.ts'
import { refused } from '../../files/system-error.ts'

/** Bytes that are read at a time: of a small file no more than it has. */
const CHUNK = 1 << 20
const LEAST_CHUNK = 1 << 12

/** What is at a path. Throws a {@link UserError} when nothing is, or something that is neither a file nor a directory. */
export async function kindOfPath(
  path: string,
): Promise<{ readonly kind: 'file' | 'directory'; readonly bytes: number }> {
  const found = await stat(path).catch((error: unknown) => {
    throw unreadable(path, error)
  })
  if (found.isDirectory()) return { kind: 'directory', bytes: 0 }
  if (found.isFile()) return { kind: 'file', bytes: found.size }
  throw new UserError({ where: path, problem: 'a file or a directory was expected, and it is neither' })
}

/** The first bytes of a file as they are on disk, at most `length`. Throws a {@link UserError} for a pipe or a device. */
export async function firstBytes(path: string, length: number): Promise<Uint8Array> {
  // Opening a pipe waits until somebody writes to it.
  await kindOfPath(path)
  try {
    const file = await open(path)
    try {
      const { bytesRead, buffer } = await file.read(new Uint8Array(length), 0, length, 0)
      return buffer.subarray(0, bytesRead)
    } finally {
      await file.close()
    }
  } catch (error) {
    throw unreadable(path, error)
  }
}

/**
 * The bytes of a file in order, unpacked when they are gzip (told by its first bytes, not its name), in chunks of any
 * size. A chunk is good until the next one is asked for: its memory is used again. `onRead` hears how many bytes of the
 * file on disk have been read. Throws a {@link UserError} when the file cannot be read or its gzip data is damaged or cut
 * short.
 */
export async function* unpackedBytes(path: string, onRead?: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  const [first, second] = await firstBytes(path, 2)
  const { bytes } = await kindOfPath(path)
  const size = Math.min(CHUNK, Math.max(LEAST_CHUNK, bytes))
  yield* first === 0x1f && second === 0x8b ? inflated(path, size, onRead) : plainBytes(path, size, onRead)
}

/** Bytes as they are on disk: while one chunk is worked on, the next one is read. */
async function* plainBytes(path: string, size: number, onRead?: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  let read = 0
  try {
    const file = await open(path)
    let next: ReturnType<typeof file.read> | undefined
    try {
      let [reading, resting] = [new Uint8Array(size), new Uint8Array(size)]
      for (;;) {
        next ??= file.read(reading, 0, size)
        const { bytesRead } = await next
        if (bytesRead === 0) return
        const chunk = reading.subarray(0, bytesRead)
        ;[reading, resting] = [resting, reading]
        next = file.read(reading, 0, size)
        // It is waited for later, and until then its failure is nobody's.
        next.catch(() => undefined)
        read += bytesRead
        onRead?.(read)
        yield chunk
      }
    } finally {
      await next?.catch(() => undefined)
      await file.close()
    }
  } catch (error) {
    throw unreadable(path, error)
  }
}

async function* inflated(path: string, size: number, onRead?: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  let unpacked = 0
  const raw = createReadStream(path, { highWaterMark: size })
  try {
    const stream = raw.pipe(createGunzip({ chunkSize: CHUNK / 4 }))
    raw.once('error', (error) => stream.destroy(error))
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      unpacked += chunk.length
      onRead?.(raw.bytesRead)
      yield chunk
    }
    onRead?.(raw.bytesRead)
  } catch (error) {
    throw unreadable(path, error, unpacked)
  } finally {
    raw.destroy()
  }
}

/** The complaint for an error of the file system or of unpacking, `unpacked` bytes having been unpacked; any other error as it is. */
export function unreadable(path: string, error: unknown, unpacked = 0): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'Z_BUF_ERROR' || code === 'Z_DATA_ERROR') {
    const how = code === 'Z_BUF_ERROR' ? 'is cut short' : 'is damaged'
    const problem = `its gzip data ${how} (${unpacked} bytes could be unpacked)`
    return new UserError({ where: path, problem, hint: 'Fetch the file again.' })
  }
  return refused(path, 'read', error)
}
