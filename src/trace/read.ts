import { basename, join } from 'node:path'
import { UserError } from '../core/user-error.ts'
import { namesIn } from '../files/folder.ts'
import { unrecognised } from './door.ts'
import type { ReadOptions, TraceFormat } from './trace-format.ts'
import { formats } from './formats/index.ts'
import type { Mapping } from './mapping/mapping.ts'
import { readMapped } from './mapping/read-mapped.ts'
import { type Slice, sliceTrace } from './slice.ts'
import { firstBytes, kindOfPath } from './table/source-bytes.ts'
import type { Trace } from './trace.ts'

/** Archives that the data sets are published in, by their first bytes. */
const ARCHIVES: readonly (readonly [string, readonly number[]])[] = [
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ['rar', [0x52, 0x61, 0x72, 0x21]],
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
]

/** The format of a trace that was read by a user's own mapping. */
const OWN_MAPPING = 'mapping'

/** How a trace is read. */
export interface TraceOptions extends ReadOptions {
  /** Its format, or the id of one of the list. */
  readonly format?: string | TraceFormat | undefined
  /** How to read what is no format of its own; in place of a format. */
  readonly mapping?: Mapping | undefined
  /** The part of it that is wanted. */
  readonly slice?: Slice | undefined
}

/** The files at the paths, those of a folder by name. */
export async function filesOf(paths: readonly string[]): Promise<readonly string[]> {
  const files: string[] = []
  for (const path of paths) {
    if ((await kindOfPath(path)).kind === 'file') files.push(path)
    else {
      for (const name of await namesIn(path)) {
        const inside = join(path, name)
        if (!name.startsWith('.') && (await kindOfPath(inside)).kind === 'file') files.push(inside)
      }
    }
  }
  if (files.length > 0) return files
  throw new UserError({ where: paths.join(', '), problem: 'files were expected, and the folder has none' })
}

/**
 * Reads the trace at a path, or at several that make one trace together, in the given format or in the first one that
 * recognises any of them; a format is an id of the list, or one of the user's own. Throws a {@link UserError} when there is nothing to read, when no format recognises it, when
 * the format's traces are single files and there are several paths, or at the place of a mistake in a file.
 */
export async function readTrace(source: string | readonly string[], options: TraceOptions = {}): Promise<Trace> {
  const { slice, ...rest } = options
  const trace = await readWhole([source].flat(), rest)
  return slice === undefined ? trace : sliceTrace(trace, slice)
}

async function readWhole(asked: readonly string[], options: Omit<TraceOptions, 'slice'>): Promise<Trace> {
  const { format: named, mapping, ...rest } = options
  const given = named === undefined ? formats.all : [typeof named === 'string' ? formats.get(named, 'format') : named]
  for (const path of asked) await refuseUnreadable(path)
  if (mapping !== undefined) return readMapped({ paths: await filesOf(asked), mapping, format: OWN_MAPPING }, rest)
  const { format, paths } = (await recognised(asked, given)) ?? (await recognisedInside(asked, given))
  const [path, second] = paths
  if (path !== undefined && second === undefined) return format.read(path, rest)
  if (format.readAll !== undefined) return format.readAll(paths, rest)
  throw new UserError({
    where: second ?? '',
    problem: `a trace of the format ${format.id} is one file, and ${paths.length} paths were given`,
    hint: 'Read them one by one.',
  })
}

/** What is to be read, and as what. */
interface Recognised {
  readonly format: TraceFormat
  readonly paths: readonly string[]
}

async function recognised(paths: readonly string[], given: readonly TraceFormat[]): Promise<Recognised | undefined> {
  for (const format of given) {
    for (const path of paths) if (await format.recognises(path)) return { format, paths }
  }
  return undefined
}

/** The one trace file that lies in a folder among other things, as a downloaded data set does beside its notes. */
async function recognisedInside(paths: readonly string[], given: readonly TraceFormat[]): Promise<Recognised> {
  const [folder] = paths
  const isFolder = paths.length === 1 && folder !== undefined && (await kindOfPath(folder)).kind === 'directory'
  const inside: Recognised[] = []
  for (const name of isFolder ? await namesIn(folder) : []) {
    const path = join(folder!, name)
    const { kind, bytes } = await kindOfPath(path)
    const found = kind === 'file' && bytes > 0 ? await recognised([path], given) : undefined
    if (found !== undefined) inside.push(found)
  }
  const [only, another] = inside
  if (only !== undefined && another === undefined) return only
  if (only !== undefined) {
    const names = inside.map(({ paths: [path] }) => basename(path!)).join(', ')
    throw new UserError({
      where: folder!,
      problem: `it holds ${inside.length} traces: ${names}`,
      hint: 'Name one of them.',
    })
  }
  // A format that was asked for says itself what it lacks.
  if (given.length === 1) return { format: given[0]!, paths }
  throw await unrecognised(paths, given)
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
