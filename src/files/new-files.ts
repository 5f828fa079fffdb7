import { link, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { UserError } from '../core/user-error.ts'
import { makeFolder } from './folder.ts'
import { syncFolder, writeWhole } from './replace-file.ts'
import { isSystemError, refused, systemCode } from './system-error.ts'
import { inTheMaking, removeLeftovers } from './unfinished.ts'

/** A file that is to be there and was not. */
export interface NewFile {
  readonly path: string
  readonly text: string
}

/**
 * Makes files where none are, each whole at the moment it is there, and never over one of the user's, not even one that
 * came into being meanwhile. One of several that holds the very text already is left: a command was killed before it came to
 * the next. Throws a {@link UserError} where another is there, or all are, and when the disk does not let us; then none is
 * made.
 */
export async function makeFiles(files: readonly NewFile[]): Promise<void> {
  const made: string[] = []
  try {
    for (const file of files) if (await makeFile(file)) made.push(file.path)
    if (made.length === 0 && files[0] !== undefined) throw thereAlready(files[0].path)
  } catch (error) {
    for (const path of made) await rm(path, { force: true }).catch(() => {})
    throw error
  }
}

/** Whether the file was made; false where it was there with the same text. */
async function makeFile({ path, text }: NewFile): Promise<boolean> {
  if (path === '') throw new UserError({ where: 'an output', problem: 'expected a path, found an empty text' })
  await makeFolder(dirname(path))
  try {
    await removeLeftovers(dirname(path))
    const isMade = await inTheMaking(path, async (unfinished) => {
      await writeWhole(unfinished, [text])
      return putNew(unfinished, path)
    })
    if (isMade) {
      await syncFolder(dirname(path))
      return true
    }
  } catch (error) {
    throw refused(path, 'written', error, 'Choose another place.')
  }
  if (await holds(path, text)) return false
  throw thereAlready(path)
}

function thereAlready(path: string): UserError {
  const hint = 'Choose another place, or move it away.'
  return new UserError({ where: path, problem: 'there is a file of that name already', hint })
}

/** Gives a file its name, unless there is something of that name. */
async function putNew(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if (!isSystemError(error)) throw error
    if (systemCode(error) === 'EEXIST') return false
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(systemCode(error))) throw error
  }
  // A file system without links, as that of many memory sticks.
  const isThere = await stat(to).then(
    () => true,
    () => false,
  )
  if (!isThere) await rename(from, to)
  return !isThere
}

/** Whether a path is a file with that text. */
export async function holds(path: string, text: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  return found?.isFile() === true && found.size < 1e6 && (await readFile(path, 'utf8').catch(() => '')) === text
}
