import type { Ledger } from '../../../src/engine/ledger.ts'
import { planRuns } from '../../../src/experiment/run-plan.ts'
import type { PolicyDefinition } from '../../../src/policy/policy.ts'
import type { Model } from '../../../src/sim/model.ts'
import { runSimulation } from '../../../src/sim/simulation.ts'
import { TraceBuilder } from '../../../src/trace/build/builder.ts'
import type { Trace } from '../../../src/trace/trace.ts'
import { answers } from '../../sim/scenario.ts'
import { COUNTS, experimentWith } from '../../experiment/facts.ts'

export const SECOND = 1000
export const MINUTE = 60_000

/** A fixed window of ten minutes. */
export const TEN_MINUTES = answers([0, 10 * MINUTE])

/** The model of an experiment that names a preset, and what it gives beside it. */
export async function worldAs(as: string, memory = '1GB', more = ''): Promise<Model> {
  const model = `model: { kind: cluster, nodes: { memory: ${memory} }, as: ${as}${more} }`
  return planRuns(await experimentWith('  - { policy: fixed }', model), COUNTS).runs[0]!.model
}

export interface Scenario {
  readonly as: string
  readonly policy: PolicyDefinition
  /** Of every node; default: enough. */
  readonly memory?: string
  /** Further options, as an experiment has them. */
  readonly more?: string
}

export async function replay(trace: Trace, { as, policy, memory, more }: Scenario): Promise<Ledger> {
  return runSimulation({ trace, model: await worldAs(as, memory, more), policy, params: {}, seed: 1 })
}

/** A trace of one function that counts so many invocations in minute 0, each of which takes a second. */
export function countsOf(count: number): Trace {
  const builder = new TraceBuilder({ id: 'scenario', format: 'azure-2019' })
  const row = builder.functionRow('', 'a', 'f')
  builder.addCount(row, 0, count)
  builder.addDuration(row, SECOND, 1)
  builder.addMemory('', 'a', 1, 1)
  return builder.build(10 * MINUTE, { files: [], defects: [] })
}
