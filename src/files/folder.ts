import { mkdir, readdir, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { UserError } from '../core/user-error.ts'
import { isSystemError, refused, systemReason } from './system-error.ts'
import { isUnfinished } from './unfinished.ts'

/** Makes a folder and those round it, where they are missing. Throws a {@link UserError} when the disk does not let us. */
export async function makeFolder(folder: string): Promise<void> {
  if (folder === '') throw new UserError({ where: 'an output', problem: 'expected a path, found an empty text' })
  try {
    await make(resolve(folder))
  } catch (error) {
    throw refused(folder, 'written', error, 'Choose another place.')
  }
}

/** Step by step, because Node's own way of making all goes on for ever where the system denies that a folder is there. */
async function make(folder: string): Promise<void> {
  const missing = await makeOne(folder)
  if (missing === undefined) return
  if (dirname(folder) === folder) throw missing
  await make(dirname(folder))
  const still = await makeOne(folder)
  if (still !== undefined) throw still
}

/** Makes a folder, or finds it; gives the error where the one round it is missing. */
async function makeOne(folder: string): Promise<NodeJS.ErrnoException | undefined> {
  try {
    await mkdir(folder)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return error as NodeJS.ErrnoException
    if (code !== 'EEXIST' || !(await stat(folder)).isDirectory()) throw error
  }
  return undefined
}

/**
 * The names in a folder, in alphabetical order, without what is still in the making. Throws a {@link UserError} when
 * the folder cannot be read.
 */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => !isUnfinished(name)).toSorted()
  } catch (error) {
    throw refused(folder, 'read', error)
  }
}

/** Demands that a path that was named at `where` is a folder that is there. Throws a {@link UserError}. */
export async function demandFolder(folder: string, where: string): Promise<void> {
  const status = await stat(folder).catch((error: unknown) => {
    const reason = isSystemError(error) ? systemReason(error) : 'it cannot be looked at'
    throw new UserError({ where, problem: `expected a folder, found ${JSON.stringify(folder)}: ${reason}` })
  })
  if (status.isDirectory()) return
  throw new UserError({ where, problem: `expected a folder, found ${JSON.stringify(folder)}, which is none` })
}
