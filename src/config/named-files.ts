import { isOwnModule } from './own-file.ts'
import { OWN_POLICY_PATTERN } from './schema.ts'
import type { SourceDocument } from './document.ts'

/** A file of the user's own that an experiment names, and on which its runs depend. */
export interface NamedFile {
  /** Where the experiment names it, as in `policies[1].policy`. */
  readonly key: string
  /** As it is written there. */
  readonly path: string
}

/** The policies, rules of a cluster, trace format and mapping that an experiment names by their paths, each path once. */
export function namedFiles({ data }: Pick<SourceDocument, 'data'>): readonly NamedFile[] {
  const { policies, trace, model } = (data ?? {}) as Readonly<Record<string, unknown>>
  const entries = Array.isArray(policies) ? policies : []
  const { format, mapping } = (trace ?? {}) as { readonly format?: unknown; readonly mapping?: unknown }
  const isPolicy = new RegExp(OWN_POLICY_PATTERN)
  const named = [
    ...entries.map((entry: unknown, index) => ({
      key: `policies[${index}].policy`,
      path: (entry as { readonly policy?: unknown } | null)?.policy,
      isFile: (path: string) => isPolicy.test(path),
    })),
    ...['eviction', 'placement'].flatMap((rule) => rulesIn(model, `model.${rule}`, rule)),
    ...entries.flatMap((entry: unknown, index) => rulesIn(entry, `policies[${index}].eviction`, 'eviction')),
    { key: 'trace.format', path: format, isFile: isOwnModule },
    { key: 'trace.mapping', path: mapping, isFile: (path: string) => !path.trimStart().startsWith('{') },
  ]
  const files = named.flatMap(({ key, path, isFile }): NamedFile[] =>
    typeof path === 'string' && isFile(path) ? [{ key, path }] : [],
  )
  return files.filter(({ path }, index) => files.findIndex((other) => other.path === path) === index)
}

/** The values of an option that names one rule, or a list of them. */
function rulesIn(mapping: unknown, key: string, option: string) {
  const value = (mapping as Readonly<Record<string, unknown>> | null | undefined)?.[option]
  return [value].flat().map((path) => ({ key, path, isFile: isOwnModule }))
}
