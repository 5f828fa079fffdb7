import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { UserError } from '../../core/user-error.ts'
import type { Archive } from '../catalogue/archive.ts'

/** Throws a UserError that says where to get an archive, of what size and licence, unless the whole file is there. */
export async function demandThere({ id, url, bytes, licence }: Archive, file: string): Promise<void> {
  const size = existsSync(file) ? (await stat(file)).size : undefined
  if (size !== undefined && (bytes === undefined || size === bytes)) return
  const problem =
    size === undefined
      ? `the archive of ${id} is not there`
      : `it has ${size} bytes, and the archive of ${id} has ${bytes}`
  const much = bytes === undefined ? ', size not known' : `, ${bytes} bytes`
  throw new UserError({ where: file, problem, hint: `Fetch it from ${url} (${licence}${much}) and put it there.` })
}
