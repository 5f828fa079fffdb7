import { join } from 'node:path'
import { UserError } from '../../core/user-error.ts'
import { namesIn } from '../../files/folder.ts'
import type { ReadOptions, TraceFormat } from '../trace-format.ts'
import { shown } from '../table/place.ts'
import { kindOfPath } from '../table/source-bytes.ts'
import type { Trace } from '../trace.ts'
import { commonPath } from '../trace-id.ts'
import { defectsOf } from './mapping-defects.ts'
import { type FileSample, lookAt } from './file-sample.ts'
import type { Mapping } from './mapping.ts'
import { fits, type MappingPreset, type SourceShape } from './mapping-preset.ts'
import { readMapped } from './read-mapped.ts'

/** A preset as a format of traces. */
export function presetFormat(preset: MappingPreset): TraceFormat {
  const { id, summary, source, looksFor, companion } = preset
  const relatives = preset.shapes.map(({ mapping }) => (typeof mapping === 'function' ? mapping(NO_LOOK) : mapping))
  const readAll = (paths: readonly string[], options?: ReadOptions) => readPreset(preset, relatives, paths, options)
  return {
    id,
    summary,
    source,
    looksFor,
    needs: preset.shapes.flatMap(({ needs }) => (needs === undefined ? [] : [needs])),
    ...(companion === undefined
      ? {}
      : { isBeside: (look: FileSample) => (companion.fits(look) ? companion.name : undefined) }),
    defects: defectsOf(relatives),
    recognises: (path) => recognises(preset, path),
    read: (path, options) => readAll([path], options),
    readAll,
  }
}

/** For a mapping that depends on a file, where only the kinds of its defects matter. */
const NO_LOOK: FileSample = {
  path: '',
  year: 1970,
  encoding: 'UTF-8',
  lines: [],
  as: 'text',
  delimiter: ',',
  first: [],
  hasHeader: true,
  rows: [],
  records: [],
  rowsAt: '',
}

async function recognises({ shapes }: MappingPreset, path: string): Promise<boolean> {
  if ((await kindOfPath(path)).kind === 'file') {
    const look = await lookAt(path)
    return shapes.some((shape) => fits(shape, look))
  }
  // A folder with one such file is that file; with several of one kind it is their trace.
  const looks = await looksIn(path)
  return looks.length > 1 && looks.filter((look) => shapes.some((shape) => fits(shape, look))).length > 1
}

/** A folder with more files is no folder of logs, or is named file by file. */
const MOST_FILES = 2000

async function looksIn(folder: string): Promise<readonly FileSample[]> {
  const names = (await namesIn(folder)).filter((name) => !name.startsWith('.'))
  const looks: FileSample[] = []
  for (const name of names.slice(0, MOST_FILES)) {
    const path = join(folder, name)
    const { kind, bytes } = await kindOfPath(path)
    if (kind === 'file' && bytes > 0) looks.push(await lookAt(path))
  }
  return looks
}

/** The mapping that a preset has for a file; undefined where no shape of it fits. */
function mappingFor(
  { shapes }: MappingPreset,
  look: FileSample,
): { readonly shape: SourceShape; readonly mapping: Mapping } | undefined {
  const shape = shapes.find((each) => fits(each, look))
  if (shape === undefined) return undefined
  return { shape, mapping: typeof shape.mapping === 'function' ? shape.mapping(look) : shape.mapping }
}

async function readPreset(
  preset: MappingPreset,
  relatives: readonly Mapping[],
  paths: readonly string[],
  options?: ReadOptions,
): Promise<Trace> {
  const { id, looksFor, companion } = preset
  const where = commonPath(paths)
  const looks: FileSample[] = []
  let isFolder = false
  for (const path of paths) {
    const isFile = (await kindOfPath(path)).kind === 'file'
    isFolder ||= !isFile
    looks.push(...(isFile ? [await lookAt(path)] : await looksIn(path)))
  }
  const second = companion === undefined ? undefined : looks.find((look) => companion.fits(look))
  const rest = looks.filter((look) => look !== second)
  const first = rest.find((look) => mappingFor(preset, look) !== undefined)
  const chosen = first === undefined ? undefined : mappingFor(preset, first)
  if (chosen === undefined) {
    const lines = looks[0]?.lines ?? []
    const problem = `${looksFor} was expected, and it begins with ${shown(lines[0] ?? '')}`
    throw new UserError({
      where: looks[0]?.path ?? where,
      problem,
      hint: 'pilotlight init looks at a file and proposes a mapping.',
    })
  }
  const { shape, mapping } = chosen
  if (shape.lacks !== undefined) throw new UserError({ where: first!.path, ...shape.lacks })
  const same = rest.filter((look) => fits(shape, look))
  const others = rest.filter((look) => !same.includes(look))
  if (others.length > 0 && !isFolder) {
    const problem = `it is not of the kind of ${first!.path} (${shape.name})`
    throw new UserError({ where: others[0]!.path, problem, hint: 'One trace is read from files of one kind.' })
  }
  const inForce = second === undefined ? mapping : companion!.join(mapping, second.path)
  return readMapped(
    {
      paths: same.map(({ path }) => path).toSorted(),
      mapping: inForce,
      format: id,
      relatives,
      others: others.map(({ path }) => path),
    },
    options,
  )
}
