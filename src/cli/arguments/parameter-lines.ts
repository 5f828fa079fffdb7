import type { Described } from '../../core/registry.ts'
import { formatDuration } from '../../core/units.ts'
import type { Parameter, ParameterTable } from '../../policy/parameters.ts'

/** A line per parameter of a policy, indented; none for what has no parameters. */
export function parameterLines(entry: Described & { readonly parameters?: ParameterTable }, indent: number): string[] {
  const named = Object.entries(entry.parameters ?? {})
  const width = Math.max(0, ...named.map(([name, parameter]) => `${name} ${spelledDefault(parameter)}`.length))
  return named.map(([name, parameter]) => {
    const head = `${name} ${spelledDefault(parameter)}`.padEnd(width)
    const options = parameter.kind === 'choice' ? ` (${parameter.options.join(', ')})` : ''
    return `${' '.repeat(indent)}${head}  ${parameter.describe}${options}`
  })
}

/** A parameter's default as a person writes it, as in `10m`, `on` or `5 %`. */
export function spelledDefault(parameter: Parameter): string {
  if (parameter.kind === 'duration') return formatDuration(parameter.default)
  if (parameter.kind === 'switch') return parameter.default ? 'on' : 'off'
  if (parameter.kind === 'number')
    return `${parameter.default}${parameter.unit === undefined ? '' : ` ${parameter.unit}`}`
  return parameter.kind === 'file' ? 'none' : parameter.default
}
