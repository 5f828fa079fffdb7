import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { UserError } from '../../core/user-error.ts'

/** Makes a folder and those round it, where they are missing. Throws a UserError when the disk does not let us. */
export async function makeFolder(folder: string): Promise<void> {
  await make(resolve(folder)).catch((error: unknown) => {
    throw refused(folder, error)
  })
}

/** Step by step, because Node's own way of making all goes on for ever where the system denies that a folder is there. */
async function make(folder: string): Promise<void> {
  try {
    await mkdir(folder)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST' && (await stat(folder)).isDirectory()) return
    if (code !== 'ENOENT' || dirname(folder) === folder) throw error
    await make(dirname(folder))
    await mkdir(folder)
  }
}

/**
 * Puts a file in place of the one at the path; at every moment the path holds one of them, whole. Throws a UserError
 * when the disk does not let us.
 */
export async function replaceFile(path: string, content: Uint8Array | Iterable<string>): Promise<void> {
  const temporary = `${path}.${randomUUID()}.part`
  try {
    await writeFile(temporary, content)
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {})
    throw refused(path, error)
  }
}

/** Throws a UserError for a folder that has something in it: what is written there is then all that is there. */
export async function demandEmpty(folder: string): Promise<void> {
  const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw refused(folder, error)
  })
  if (entries.length === 0) return
  const problem = `expected a new or empty folder, found ${entries.length} entries in it`
  throw new UserError({ where: folder, problem, hint: 'Choose another place, or remove what is there.' })
}

/** Writes files under a folder, which is made with all folders that their paths name. */
export async function writeFolder(
  folder: string,
  files: readonly { readonly path: string; readonly text: string }[],
): Promise<void> {
  for (const { path, text } of files) {
    const target = join(folder, path)
    await makeFolder(dirname(target))
    await replaceFile(target, [text])
  }
}

/** What the disk or its permissions did, as the user's to mend; other errors as they are. */
function refused(path: string, error: unknown): unknown {
  if (!(error instanceof Error && 'code' in error && 'syscall' in error)) return error
  return new UserError({
    where: path,
    problem: `cannot be written (${String(error.code)})`,
    hint: 'Choose another place.',
  })
}
