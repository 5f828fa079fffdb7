import { ACCOUNTS } from '../../src/engine/ledger.ts'
import { defaultsOf, type ParameterTable, type ParameterValues } from '../../src/policy/parameters.ts'
import { policies } from '../../src/policy/policies/index.ts'
import { INSTANCES_MODEL, type Model, PAPER_MODEL } from '../../src/sim/model.ts'
import { simulate } from '../../src/sim/simulate.ts'
import { TraceBuilder } from '../../src/trace/build/builder.ts'
import type { Expected, Vector } from './vector.ts'

/** Pilotlight's own answer to a vector: every account of every app. */
export function answerOf({
  arrivals,
  model: options,
  horizonMs,
  policy: { id, params },
}: Vector): Record<string, Expected> {
  const builder = new TraceBuilder({ id: 'vector', format: 'events' })
  for (const { app, fn = 'f', startMs, durationMs } of arrivals) {
    builder.addMemory('', app, 1, 1)
    builder.addEvent(builder.functionRow('', app, fn), startMs, durationMs)
  }
  const trace = builder.build(horizonMs, { files: [], defects: [] })
  const model = { ...(options['kind'] === 'paper' ? PAPER_MODEL : INSTANCES_MODEL), ...options } as Model
  const policy = policies.get(id, 'a vector')
  const values = { ...defaultsOf<ParameterTable>(policy.parameters), ...params } as ParameterValues<ParameterTable>
  const ledger = simulate({ trace, model, policy, params: values, seed: 1 })
  return Object.fromEntries(
    Array.from({ length: ledger.apps }, (_, row) => [
      trace.apps.name.at(row),
      Object.fromEntries(ACCOUNTS.map((account) => [account, ledger[account][row]!])),
    ]),
  )
}
