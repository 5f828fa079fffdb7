import { policies as listed } from '../policy/policies/index.ts'
import type { Path, SourceDocument } from './document.ts'
import { isOwnModule } from './own-file.ts'
import { OWN_POLICY_PATTERN } from './experiment-schema.ts'

/** A file of the user's own that an experiment names, and on which its runs depend. */
export interface NamedFile {
  /** Where the experiment names it: `policies`, 1, `policy`. */
  readonly at: Path
  /** As it is written there. */
  readonly path: string
}

/** The policies, files of parameters, rules of a cluster, trace format and mapping that an experiment names by their paths, at every place. */
export function namedFiles({ data }: Pick<SourceDocument, 'data'>): readonly NamedFile[] {
  const { policies, trace, model } = record(data)
  const { format, mapping } = record(trace)
  return [
    ...(Array.isArray(policies) ? policies : []).flatMap((entry: unknown, index) => inEntry(record(entry), index)),
    ...(Array.isArray(model)
      ? model.flatMap((each: unknown, index) => inModel(each, ['model', index]))
      : inModel(model, ['model'])),
    ...text(['trace', 'format'], format).filter(({ path }) => isOwnModule(path)),
    ...text(['trace', 'mapping'], mapping).filter(({ path }) => !path.trimStart().startsWith('{')),
  ]
}

function inModel(model: unknown, at: Path): NamedFile[] {
  return ['eviction', 'placement'].flatMap((rule) => rules([...at, rule], record(model)[rule]))
}

function inEntry(entry: Readonly<Record<string, unknown>>, index: number): NamedFile[] {
  const { policy } = entry
  const own = text(['policies', index, 'policy'], policy).filter(({ path }) =>
    new RegExp(OWN_POLICY_PATTERN).test(path),
  )
  const parameters = listed.all.find(({ id }) => id === policy)?.parameters ?? {}
  const files = Object.keys(parameters).filter((name) => parameters[name]!.kind === 'file')
  const named = files.flatMap((name) => text(['policies', index, name], entry[name]))
  return [...own, ...named, ...rules(['policies', index, 'eviction'], entry['eviction'])]
}

/** Rules of the user's own among those that are named. */
function rules(at: Path, value: unknown): NamedFile[] {
  return text(at, value).filter(({ path }) => isOwnModule(path))
}

/** A path, or each of a list of them. */
function text(at: Path, value: unknown): NamedFile[] {
  if (Array.isArray(value)) return value.flatMap((each: unknown, index) => text([...at, index], each))
  return typeof value === 'string' && value !== '' ? [{ at, path: value }] : []
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
