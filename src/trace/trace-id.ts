import { basename, dirname, resolve, sep } from 'node:path'

/** A short name for a trace: that of its file without its extensions, or of its folder. */
export function traceIdOf(path: string): string {
  const name = basename(resolve(path))
    .replace(/\.gz$/i, '')
    .replace(/\.(csv|tsv|txt|log|json|jsonl|ndjson|parquet|arrow|feather|trace)$/i, '')
  return name === '' ? 'trace' : name
}

/** The path itself where there is one, else the innermost folder that holds all of them. */
export function commonPath(paths: readonly string[]): string {
  const [first = '.', ...others] = paths
  if (others.length === 0) return first
  const resolved = others.map((path) => resolve(path))
  let folder = dirname(resolve(first))
  while (folder !== dirname(folder) && !resolved.every((path) => path.startsWith(folder + sep)))
    folder = dirname(folder)
  return folder
}
