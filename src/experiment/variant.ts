import { UserError } from '../core/user-error.ts'
import { defaultsOf, type ParameterTable, type ParameterValues } from '../policy/parameters.ts'
import type { PolicyEntry } from '../config/experiment-file.ts'
import { grid, type GridPoint } from './grid.ts'
import { policyLabel } from './label.ts'
import { variantId } from './run-spec.ts'
import type { Value } from '../config/setting.ts'
import type { TraceFacts } from './trace-facts.ts'

/** A policy with one set of parameters, to be run in every world. */
export interface Variant {
  /** Equal for equal policies and parameters, whatever they are called. */
  readonly id: string
  readonly label: string
  readonly entry: PolicyEntry
  /** Every parameter in force. */
  readonly params: Readonly<Record<string, Value>>
  /** Options of the model that it chooses for itself. */
  readonly own: GridPoint
}

/** The policy of one entry under every combination of its parameters. Throws a UserError when the trace lacks what it needs. */
export function variantsOf(entry: PolicyEntry, trace: TraceFacts): Variant[] {
  const { definition, where, label, params } = entry
  const missing = definition.needs.find((need) => !trace.offers.includes(need))
  if (missing !== undefined) {
    const problem = `the policy ${definition.id} needs ${missing} of a trace, which ${trace.id} does not offer`
    const offers = trace.offers.length === 0 ? 'nothing beyond its invocations' : trace.offers.join(', ')
    throw new UserError({ where, problem, hint: `The trace offers ${offers}.` })
  }
  const isOwn = ({ name }: GridPoint[number]): boolean => entry.ownOptions.includes(name)
  return grid(params).map((point) => {
    const given = Object.fromEntries(point.filter((choice) => !isOwn(choice)).map(valueOf))
    const inForce = { ...defaultsOf(definition.parameters, trace), ...given }
    demandNoContradiction(entry, inForce)
    return variant(policyLabel(definition.id, label, point), entry, inForce, point.filter(isOwn))
  })
}

/** Tells at once what a run would fail of, at the parameter that is written, or at the entry for a default. */
function demandNoContradiction({ definition, params, where }: PolicyEntry, inForce: Variant['params']): void {
  const found = definition.contradiction?.(inForce as ParameterValues<ParameterTable>)
  if (found === undefined) return
  const { name, problem, hint } = found
  const place = params.find((given) => given.name === name)?.where
  const told = place === undefined ? { where, problem: `${name}: ${problem}` } : { where: place, problem }
  throw new UserError({ ...told, ...(hint === undefined ? {} : { hint }) })
}

/** A variant with its id. */
export function variant(label: string, entry: PolicyEntry, params: Variant['params'], own: GridPoint): Variant {
  const { definition, own: file } = entry
  const policy = { policy: definition.id, ...(file === undefined ? {} : { policyFile: file.sha256 }), params }
  return { id: variantId(policy, Object.fromEntries(own.map(valueOf))), label, entry, params, own }
}

function valueOf({ name, setting }: GridPoint[number]): [string, Value] {
  return [name, setting.value]
}
