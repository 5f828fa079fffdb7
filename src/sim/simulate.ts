import type { Ledger } from '../engine/ledger.ts'
import type { ParameterTable, ParameterValues } from '../policy/parameters.ts'
import type { PolicyDefinition } from '../policy/policy.ts'
import type { Trace } from '../trace/trace.ts'
import type { Model } from './model.ts'

/** One simulation: a trace, a world, a policy. */
export interface Simulation<T extends ParameterTable = ParameterTable> {
  readonly trace: Trace
  readonly model: Model
  readonly policy: PolicyDefinition<T>
  readonly params: ParameterValues<T>
  readonly seed: number
  /** `app`: app by app; `time`: in time order, as policies of the scope `fleet` need. Default: as the policy's scope asks. */
  readonly order?: 'app' | 'time'
  /** Called now and then with the share that is done, 0 to 1. */
  readonly onProgress?: (done: number) => void
}

/** Runs a simulation to its end and gives its accounts, one row an app of the trace (or a function, by `model.unit`). */
export function simulate<T extends ParameterTable>(simulation: Simulation<T>): Ledger {
  throw new Error(`not yet: ${simulation.order}`)
}
