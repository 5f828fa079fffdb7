import { UserError } from '../core/user-error.ts'
import type { ReadOptions } from './format.ts'
import { formats } from './formats/index.ts'
import { firstBytes, kindOfPath } from './source-bytes.ts'
import type { Trace } from './trace.ts'

/** Archives that the data sets are published in, by their first bytes. */
const ARCHIVES: readonly (readonly [string, readonly number[]])[] = [
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ['rar', [0x52, 0x61, 0x72, 0x21]],
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
]

/**
 * Reads the trace at a path in the given format, or in the one that recognises it. Throws a {@link UserError} when there
 * is nothing to read, when no format recognises it, or at the place of a mistake in it.
 */
export async function readTrace(
  path: string,
  options: ReadOptions & { readonly format?: string } = {},
): Promise<Trace> {
  const { format: id, ...rest } = options
  const given = id === undefined ? undefined : formats.get(id, 'format')
  const { kind, bytes } = await kindOfPath(path)
  if (kind === 'file' && bytes === 0) throw new UserError({ where: path, problem: 'the file is empty' })
  if (kind === 'file') await refuseArchive(path)
  const format = given ?? (await recognised(path))
  return format.read(path, rest)
}

async function recognised(path: string): Promise<(typeof formats.all)[number]> {
  for (const format of formats.all) {
    if (await format.recognises(path)) return format
  }
  const looks = formats.all.map((format) => `${format.id} (${format.looksFor})`)
  throw new UserError({
    where: path,
    problem: 'no trace format recognises it',
    hint: `Looked for ${looks.join('; ')}. Name a format to see what it lacks.`,
  })
}

async function refuseArchive(path: string): Promise<void> {
  const begin = await firstBytes(path, 8)
  const archive = ARCHIVES.find(([, magic]) => magic.every((byte, index) => begin[index] === byte))
  if (archive === undefined) return
  throw new UserError({
    where: path,
    problem: `a trace was expected, and it is an archive (${archive[0]})`,
    hint: 'Unpack it first.',
  })
}
