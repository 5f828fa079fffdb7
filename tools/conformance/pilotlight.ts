import { ACCOUNTS } from '../../src/engine/ledger.ts'
import { defaultsOf, type ParameterTable, type ParameterValues } from '../../src/policy/parameters.ts'
import { policies } from '../../src/policy/policies/index.ts'
import { INSTANCES_MODEL, type Model, PAPER_MODEL } from '../../src/sim/model.ts'
import { type Simulation, runSimulation } from '../../src/sim/simulation.ts'
import { TraceBuilder } from '../../src/trace/build/builder.ts'
import type { Expected, Vector } from './vector.ts'

/** What pilotlight simulates for a vector. */
export function simulationOf({
  arrivals,
  model: options,
  horizonMs,
  policy: { id, params },
}: Vector): Simulation<ParameterTable> {
  const builder = new TraceBuilder({ id: 'vector', format: 'events' })
  for (const { app, fn = 'f', startMs, durationMs } of arrivals) {
    builder.addMemory('', app, 1, 1)
    builder.addEvent(builder.functionRow('', app, fn), startMs, durationMs)
  }
  const trace = builder.build(horizonMs, { files: [], defects: [] })
  const model = { ...(options['kind'] === 'paper' ? PAPER_MODEL : INSTANCES_MODEL), ...options } as Model
  const policy = policies.get(id, 'a vector')
  const values = { ...defaultsOf<ParameterTable>(policy.parameters), ...params } as ParameterValues<ParameterTable>
  return { trace, model, policy, params: values, seed: 1 }
}

/** Pilotlight's own answer to a vector: every account of every app. */
export function answerOf(vector: Vector): Record<string, Expected> {
  const simulation = simulationOf(vector)
  const { name } = simulation.trace.apps
  const ledger = runSimulation(simulation)
  return Object.fromEntries(
    Array.from({ length: ledger.apps }, (_, row) => [
      name.at(row),
      Object.fromEntries(ACCOUNTS.map((account) => [account, ledger[account][row]!])),
    ]),
  )
}
