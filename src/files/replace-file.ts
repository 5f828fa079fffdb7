import { type FileHandle, open, realpath, rename, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { UserError } from '../core/user-error.ts'
import { refused } from './system-error.ts'
import { inTheMaking, removeLeftovers } from './unfinished.ts'

/** What goes into a file: bytes, texts one after the other, or whatever a function writes. */
export type Content = Uint8Array | Iterable<string> | ((file: FileHandle) => Promise<void>)

/**
 * Puts a file in place of the one at the path; at every moment the path holds one of them, whole, also after the machine
 * fails. Removes what killed processes left in its folder. Throws a {@link UserError} when the path is empty, holds
 * something else than a file, or the disk does not let us.
 */
export async function replaceFile(path: string, content: Content): Promise<void> {
  try {
    const place = await placeOf(path)
    await removeLeftovers(dirname(place))
    await inTheMaking(place, async (unfinished) => {
      await writeWhole(unfinished, content)
      await rename(unfinished, place)
    })
    await syncFolder(dirname(place))
  } catch (error) {
    throw refused(path, 'written', error, 'Choose another place.')
  }
}

/** Writes a new file and waits until the disk has it. Rejects with the system's errors. */
export async function writeWhole(path: string, content: Content): Promise<void> {
  const file = await open(path, 'wx')
  try {
    if (typeof content === 'function') await content(file)
    else await file.writeFile(content instanceof Uint8Array ? content : inPieces(content))
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Characters that are written at a time: a file of millions of lines is not written line by line. */
const PIECE = 65_536

/** The same text in larger pieces. */
function* inPieces(texts: Iterable<string>): Generator<string> {
  let piece = ''
  for (const text of texts) {
    piece += text
    if (piece.length < PIECE) continue
    yield piece
    piece = ''
  }
  if (piece !== '') yield piece
}

/** Waits until the disk knows the names in a folder, where the system can tell. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder).catch(() => undefined)
  await handle?.sync().catch(() => {})
  await handle?.close()
}

/** Where the file is: a symbolic link stays one, and what it leads to is replaced. Refuses what is no plain file. */
async function placeOf(path: string): Promise<string> {
  if (path === '') throw new UserError({ where: 'an output', problem: 'expected a path, found an empty text' })
  const status = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (status === undefined) return resolve(path)
  if (status.isFile()) return realpath(path)
  const what = status.isDirectory() ? 'it is a folder' : 'it is a device or a pipe, which a file would replace'
  throw new UserError({ where: path, problem: `cannot be written: ${what}`, hint: 'Choose another place.' })
}
