import type { ExportFile } from './export-file.ts'

/**
 * A Bicep file that exports one variable: what is set of each app, by its name, for templates of the operator's own to
 * import (`import { pilotlight } from 'pilotlight.bicep'`).
 */
export function bicepFile(use: string, values: Readonly<Record<string, unknown>>): ExportFile {
  const head = `// What the policy asks for, for your own templates:\n${use.replaceAll(/^/gm, '//   ')}\n@export()\n`
  return { path: 'bicep/pilotlight.bicep', text: `${head}var pilotlight = ${valueOf(values, '')}\n` }
}

/** Names that a key may be without quotes. */
const IDENTIFIER = /^[A-Za-z_]\w*$/

function valueOf(value: unknown, indent: string): string {
  const deeper = `${indent}  `
  if (Array.isArray(value))
    return enclosed(
      '[]',
      (value as unknown[]).map((each) => valueOf(each, deeper)),
      indent,
    )
  if (typeof value === 'object' && value !== null) {
    const keys = Object.entries(value).map(
      ([key, each]) => `${IDENTIFIER.test(key) ? key : quoted(key)}: ${valueOf(each, deeper)}`,
    )
    return enclosed('{}', keys, indent)
  }
  return typeof value === 'string' ? quoted(value) : JSON.stringify(value)
}

function enclosed([open, close]: string, lines: readonly string[], indent: string): string {
  if (lines.length === 0) return open! + close!
  return [open, ...lines.map((line) => `${indent}  ${line}`), indent + close!].join('\n')
}

/** A text of Bicep: a backslash escapes, and `${` would begin an expression. */
function quoted(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`).replaceAll('${', String.raw`\${`)
  return `'${escaped.replaceAll('\n', String.raw`\n`).replaceAll('\r', String.raw`\r`).replaceAll('\t', String.raw`\t`)}'`
}
