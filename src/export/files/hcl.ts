import type { ExportFile } from './export-file.ts'

type HclValue = string | number | { readonly [key: string]: HclValue }

/** A block of Terraform's language, as in `resource "type" "name" { … }`. */
export interface HclBlock {
  readonly labels: readonly string[]
  /** Attributes, and nested blocks where a value is a mapping. */
  readonly values: Readonly<Record<string, HclValue>>
  /** Resources that must be there before. */
  readonly after?: readonly string[]
}

/** A file in Terraform's own syntax. */
export function hclFile(path: string, blocks: readonly HclBlock[]): ExportFile {
  const texts = blocks.map(({ labels: [kind, ...labels], values, after }) => {
    const needs = after === undefined ? [] : [`  depends_on = [${after.join(', ')}]`]
    const head = [kind, ...labels.map((label) => quoted(label))].join(' ')
    return [`${head} {`, ...bodyLines(values, '  '), ...needs, '}', ''].join('\n')
  })
  return { path, text: texts.join('\n') }
}

function bodyLines(values: Readonly<Record<string, HclValue>>, indent: string): string[] {
  return Object.entries(values).flatMap(([key, value]) => {
    if (typeof value === 'object') return [`${indent}${key} {`, ...bodyLines(value, `${indent}  `), `${indent}}`]
    return [`${indent}${key} = ${typeof value === 'number' ? value : quoted(value)}`]
  })
}

/** A text in quotes; `${` and `%{` would begin a template. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll('${', '$${').replaceAll('%{', '%%{')
}
