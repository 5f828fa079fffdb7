import { UserError } from '../core/user-error.ts'
import type { ReadOptions, TraceFormat } from './format.ts'
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
 * Reads the trace at a path, or at several that make one trace together, in the given format or in the first one that
 * recognises any of them. Throws a {@link UserError} when there is nothing to read, when no format recognises it, when
 * the format's traces are single files and there are several paths, or at the place of a mistake in a file.
 */
export async function readTrace(
  source: string | readonly string[],
  options: ReadOptions & { readonly format?: string } = {},
): Promise<Trace> {
  const { format: id, ...rest } = options
  const given = id === undefined ? undefined : formats.get(id, 'format')
  const paths = [source].flat()
  for (const path of paths) await refuseUnreadable(path)
  const format = given ?? (await recognised(paths))
  const [path, second] = paths
  if (path !== undefined && second === undefined) return format.read(path, rest)
  if (format.readAll !== undefined) return format.readAll(paths, rest)
  throw new UserError({
    where: second ?? '',
    problem: `a trace of the format ${format.id} is one file, and ${paths.length} paths were given`,
    hint: 'Read them one by one.',
  })
}

async function recognised(paths: readonly string[]): Promise<TraceFormat> {
  for (const format of formats.all) {
    for (const path of paths) if (await format.recognises(path)) return format
  }
  const looks = formats.all.map((format) => `${format.id} (${format.looksFor})`)
  throw new UserError({
    where: paths.join(', '),
    problem: `no trace format recognises ${paths.length === 1 ? 'it' : 'any of them'}`,
    hint: `Looked for ${looks.join('; ')}. Name a format to see what it lacks.`,
  })
}

/** Refuses what no format could read. */
async function refuseUnreadable(path: string): Promise<void> {
  const { kind, bytes } = await kindOfPath(path)
  if (kind === 'directory') return
  if (bytes === 0) throw new UserError({ where: path, problem: 'the file is empty' })
  const begin = await firstBytes(path, 8)
  const archive = ARCHIVES.find(([, magic]) => magic.every((byte, index) => begin[index] === byte))
  if (archive === undefined) return
  throw new UserError({
    where: path,
    problem: `a trace was expected, and it is an archive (${archive[0]})`,
    hint: 'Unpack it first.',
  })
}
