import { createHash } from 'node:crypto'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { readText } from '../files/read-text.ts'
import type { Parameter, ParameterTable } from '../policy/parameters.ts'
import type { Setting } from './setting.ts'

interface GivenValues {
  readonly name: string
  readonly values: readonly Setting[]
  readonly where: string
}

/** Forecasts of a large fleet over weeks have some hundred megabytes. */
const MOST_BYTES = 512 * 1024 * 1024

/**
 * The text of a file that a parameter names; `path` is relative to the file `document`. Throws a UserError at `where` for
 * what cannot be read, and one that names the file for a text that the parameter cannot be.
 */
export async function readParameterFile(
  parameter: Parameter & { kind: 'file' },
  document: string,
  path: string,
  where: string,
): Promise<string> {
  const hint = 'Its path is relative to the file that names it.'
  const what = { what: 'a text file', where, hint, mostBytes: MOST_BYTES }
  const text = await readText(resolve(dirname(document), path), what)
  parameter.check?.(text, isAbsolute(path) ? path : join(dirname(document), path))
  return text
}

/**
 * What was given, where every file that a parameter names stands by the SHA-256 (hex) of its text: another text is another
 * run, wherever the file lies. Its text is found by that in `files`.
 */
export async function withDigests<G extends GivenValues>(
  table: ParameterTable,
  given: readonly G[],
  document: string,
): Promise<{ params: G[]; files: Record<string, string> }> {
  const files: Record<string, string> = {}
  const params: G[] = []
  for (const each of given) {
    const parameter = table[each.name]
    if (parameter?.kind !== 'file') {
      params.push(each)
      continue
    }
    const values = []
    for (const setting of each.values) {
      if (setting.value === '') {
        values.push(setting)
        continue
      }
      const text = await readParameterFile(parameter, document, setting.written, each.where)
      const sha256 = createHash('sha256').update(text).digest('hex')
      files[sha256] = text
      values.push({ ...setting, value: sha256 })
    }
    params.push({ ...each, values })
  }
  return { params, files }
}
