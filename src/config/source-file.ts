import { readFile, stat } from 'node:fs/promises'
import { UserError } from '../core/user-error.ts'

/** Larger files are traces or stores that were named by mistake. */
const MOST_BYTES = 1_000_000

/** What a file should be, and how to complain of one that cannot be read. */
export interface Wanted {
  /** As in `an experiment`. */
  readonly what: string
  /** The place that names the file; by default the file itself. */
  readonly where?: string
  readonly hint: string
}

/** The text of a YAML file that the user named. Throws a UserError for what cannot be read or is no text. */
export async function sourceText(file: string, { what, where = file, hint }: Wanted): Promise<string> {
  try {
    const { size } = await stat(file)
    const text = size > MOST_BYTES ? '\0' : await readFile(file, 'utf8')
    // No text file holds the character NUL, and every SQLite file does.
    if (!text.includes('\0')) return text
    throw new UserError({ where: file, problem: `expected ${what} (.yaml), found another file of ${size} bytes` })
  } catch (error) {
    if (error instanceof UserError) throw error
    const { code } = error as NodeJS.ErrnoException
    const missing = where === file ? 'there is no such file' : `there is no file ${file}`
    const unreadable = where === file ? `cannot read it (${code})` : `cannot read ${file} (${code})`
    throw new UserError({ where, problem: code === 'ENOENT' ? missing : unreadable, hint })
  }
}
