import { readFile, stat } from 'node:fs/promises'
import { UserError } from '../core/user-error.ts'
import { isNulError, isSystemError, systemCode, systemReason } from './system-error.ts'

/** Larger files are traces or stores that were named by mistake. */
const MOST_BYTES = 1_000_000

/** What a file should be, and how to complain of one that cannot be read. */
export interface WantedFile {
  /** As in `an experiment (.yaml)`. */
  readonly what: string
  /** The place that names the file; by default the file itself. */
  readonly where?: string
  readonly hint?: string
  /** By default a million. */
  readonly mostBytes?: number
}

/**
 * The text of a file that the user named. Throws a {@link UserError} for what cannot be read, is too large, is no plain
 * file (a pipe would be waited for without end) or is no text.
 */
export async function readText(file: string, wanted: WantedFile): Promise<string> {
  const bytes = await readBytes(file, wanted)
  // No text file holds the character NUL, and every SQLite file does.
  if (!bytes.includes(0)) return bytes.toString('utf8')
  throw another(file, wanted, bytes.length)
}

/** The bytes of a file that the user named. Throws what {@link readText} does, but for what is no text. */
export async function readBytes(file: string, wanted: WantedFile): Promise<Buffer> {
  const { where = file, hint, mostBytes = MOST_BYTES } = wanted
  const subject = where === file ? 'it' : file
  try {
    const status = await stat(file)
    if (!status.isFile() && !status.isDirectory()) {
      throw new UserError({ where, problem: `expected ${wanted.what}, and ${subject} is a device or a pipe` })
    }
    if (status.isFile() && status.size > mostBytes) {
      const problem = `expected ${wanted.what} of at most ${mostBytes} bytes, found ${status.size}`
      throw new UserError({ where: file, problem })
    }
    return await readFile(file)
  } catch (error) {
    const advice = hint === undefined ? {} : { hint }
    if (isNulError(error)) throw new UserError({ where, problem: 'no path holds the character NUL', ...advice })
    if (!isSystemError(error)) throw error
    const missing = where === file ? 'there is no such file' : `there is no file ${file}`
    const problem = systemCode(error) === 'ENOENT' ? missing : `cannot read ${subject}: ${systemReason(error)}`
    throw new UserError({ where, problem, ...advice })
  }
}

function another(file: string, { what }: WantedFile, bytes: number): UserError {
  return new UserError({ where: file, problem: `expected ${what}, found another file of ${bytes} bytes` })
}
