import { formatDuration, parseDuration } from '../core/units.ts'
import type { GridPoint } from './grid.ts'

/**
 * The label of a policy's run: its id with the parameters that were given, as in `fixed(keepAlive=10m)`, or the label
 * that the user chose with the parameters that were swept.
 */
export function policyLabel(id: string, chosen: string | undefined, params: GridPoint): string {
  if (chosen === undefined) return withParams(id, params)
  return withParams(
    chosen,
    params.filter(({ isSwept }) => isSwept),
  )
}

/** What the swept options of a model, or all where `isNamed`, and a swept seed add to a label: ` spread=even seed=2`. */
export function worldSuffix(world: GridPoint, isNamed = false): string {
  return world
    .filter(({ isSwept }) => isSwept || isNamed)
    .map(({ name, setting }) => ` ${name}=${setting.written}`)
    .join('')
}

/** One spelling for all labels that mean the same: `fixed( keepAlive = 60m )` and `fixed(keepAlive=1h)` are one. */
export function canonicalLabel(label: string): string {
  const match = /^([^()]+)\((.*)\)$/.exec(label.trim())
  if (match === null) return label.trim()
  const pairs = match[2]!.split(',').map((pair) => {
    const [name = '', value = ''] = pair.split('=').map((part) => part.trim())
    return `${name}=${canonicalValue(value)}`
  })
  return `${match[1]!.trim()}(${pairs.toSorted().join(', ')})`
}

function withParams(id: string, params: GridPoint): string {
  if (params.length === 0) return id
  return `${id}(${params.map(({ name, setting }) => `${name}=${setting.written}`).join(', ')})`
}

function canonicalValue(value: string): string {
  const ms = parseDuration(value)
  if (ms !== undefined) return formatDuration(ms)
  if (value === 'true') return 'on'
  if (value === 'false') return 'off'
  const number = Number(value)
  return value === '' || Number.isNaN(number) ? value : String(number)
}
