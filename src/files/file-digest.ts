import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { UserError } from '../core/user-error.ts'

/** SHA-256 (hex) of a file, which may be larger than memory. Throws what the system says of one that cannot be read. */
export async function fileDigest(path: string): Promise<string> {
  const hash = createHash('sha256')
  // A pipe would be waited for, and a device may have no end.
  if (!(await stat(path)).isFile())
    throw new UserError({ where: path, problem: 'cannot be read: expected a file, found a folder, a device or a pipe' })
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Uint8Array)
  return hash.digest('hex')
}
