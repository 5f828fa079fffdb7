import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { UserError } from '../../core/user-error.ts'
import { fileDigest } from '../../files/file-digest.ts'
import { replaceFile } from '../../files/replace-file.ts'

/**
 * Compares the SHA-256 (hex) of an archive with the known one. Where none is known, it is written beside the archive the first
 * time, and compared with that from then on. Gives the sentence to print. Throws a UserError where the archive is another one.
 */
export async function recordedDigest(file: string, known?: string): Promise<string> {
  const name = basename(file)
  // Hidden, so that it is not taken for a file of the trace.
  const record = join(dirname(file), `.${name}.sha256`)
  const digest = await fileDigest(file)
  if (known !== undefined) {
    if (digest === known) return `${name} has the SHA-256 ${digest}, as it should.`
    throw new UserError({
      where: file,
      problem: `it has the SHA-256 ${digest}, and the archive that is known has ${known}`,
      hint: 'Remove it and run the command again, or name a mirror with --from.',
    })
  }
  if (!existsSync(record)) {
    await replaceFile(record, [`${digest}  ${name}\n`])
    return `${name} has the SHA-256 ${digest}; its publisher names none, so this one is kept and compared from now on.`
  }
  const [before = ''] = (await readFile(record, 'utf8')).split(/\s/)
  if (before === digest) return `${name} has the SHA-256 ${digest}, as it had when it was fetched first.`
  throw new UserError({
    where: file,
    problem: `it has the SHA-256 ${digest}, and had ${before.slice(0, 64)} when it was fetched first`,
    hint: `If the publisher replaced it, remove ${record} and run the command again; else remove the archive.`,
  })
}
