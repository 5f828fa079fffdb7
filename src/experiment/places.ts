import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** The folder, under the current one, that an experiment's reports go to. */
export function reportFolder(name: string): string {
  return join('reports', name)
}

/** The store that an experiment's results go to when no other is named. */
export function defaultStore(name: string): string {
  return join(reportFolder(name), 'results.sqlite')
}

/**
 * Whether a path is meant as a store: it is named as one is, whatever it holds, or its file begins as SQLite files do
 * (https://sqlite.org/fileformat.html). False for another file that cannot be read.
 */
export async function isStoreFile(path: string): Promise<boolean> {
  if (path.endsWith('.sqlite')) return true
  // A pipe would be waited for.
  const status = await stat(path).catch(() => undefined)
  if (status?.isFile() !== true) return false
  const file = await open(path).catch(() => undefined)
  if (file === undefined) return false
  try {
    const { buffer } = await file.read(Buffer.alloc(16), 0, 16, 0)
    return buffer.toString('latin1') === 'SQLite format 3\0'
  } catch {
    return false
  } finally {
    await file.close()
  }
}
