import { isOwnModule } from './own-plugins.ts'
import { OWN_POLICY_PATTERN } from './schema.ts'
import type { SourceDocument } from './document.ts'

/** A file of the user's own that an experiment names, and on which its runs depend. */
export interface NamedFile {
  /** Where the experiment names it, as in `policies[1].policy`. */
  readonly key: string
  /** As it is written there. */
  readonly path: string
}

/** The policies, the trace format and the mapping that an experiment names by their paths, each path once. */
export function namedFiles({ data }: Pick<SourceDocument, 'data'>): readonly NamedFile[] {
  const { policies, trace } = (data ?? {}) as { readonly policies?: unknown; readonly trace?: unknown }
  const entries = Array.isArray(policies) ? policies : []
  const { format, mapping } = (trace ?? {}) as { readonly format?: unknown; readonly mapping?: unknown }
  const isPolicy = new RegExp(OWN_POLICY_PATTERN)
  const named = [
    ...entries.map((entry: unknown, index) => ({
      key: `policies[${index}].policy`,
      path: (entry as { readonly policy?: unknown } | null)?.policy,
      isFile: (path: string) => isPolicy.test(path),
    })),
    { key: 'trace.format', path: format, isFile: isOwnModule },
    { key: 'trace.mapping', path: mapping, isFile: (path: string) => !path.trimStart().startsWith('{') },
  ]
  const files = named.flatMap(({ key, path, isFile }): NamedFile[] =>
    typeof path === 'string' && isFile(path) ? [{ key, path }] : [],
  )
  return files.filter(({ path }, index) => files.findIndex((other) => other.path === path) === index)
}
