import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { UserError } from '../core/user-error.ts'

/** Makes a folder and those round it, where they are missing. Throws a UserError when the disk does not let us. */
export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw refused(folder, error)
  })
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

/** What the disk or its permissions did, as the user's to mend; other errors as they are. */
function refused(path: string, error: unknown): unknown {
  if (!(error instanceof Error && 'code' in error && 'syscall' in error)) return error
  return new UserError({
    where: path,
    problem: `cannot be written (${String(error.code)})`,
    hint: 'Choose another place.',
  })
}
