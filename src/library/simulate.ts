import { nearest } from '../core/registry.ts'
import { UserError } from '../core/user-error.ts'
import { MODEL_KINDS } from '../config/model-kinds.ts'
import { settingKind, spell } from '../config/setting.ts'
import { policyLabel } from '../experiment/label.ts'
import { simulateRun } from '../experiment/simulate-run.ts'
import type { FinishedRun } from '../metrics/run.ts'
import { type ParameterTable, type ParameterValues, parametersOf } from '../policy/parameters.ts'
import type { PolicyDefinition } from '../policy/policy.ts'
import type { Model } from '../sim/model.ts'
import type { Simulation } from '../sim/simulation.ts'
import type { Trace } from '../trace/trace.ts'

/** A kind of world, and the options of it that are not at their defaults. */
export type ModelOptions = Pick<Model, 'kind'> & Partial<Model>

/** One simulation: a policy on a trace. Only these two must be given. */
export interface SimulateOptions<T extends ParameterTable = ParameterTable>
  extends Pick<Simulation<T>, 'trace' | 'policy' | 'replay' | 'onProgress'> {
  /** The policy's parameters that are not at their defaults; durations in ms. */
  readonly params?: Partial<ParameterValues<NoInfer<T>>>
  /** Default: the model `paper` at its defaults. */
  readonly model?: ModelOptions
  /** A whole number from 0 on. Default: 1. */
  readonly seed?: number
  /** What reports call the run. Default: the policy's id with the given parameters, as in `fixed(keepAlive=20m)`. */
  readonly label?: string
  /**
   * A digest of the policy's code. The digest of the run covers the id and the parameters of a policy that is not a listed
   * one, and its code only where this is given.
   */
  readonly policyFile?: string
}

/**
 * Simulates a policy on a trace and gives the finished run. The same trace, model, policy, parameters and seed give the
 * same bits. Throws a {@link UserError} for a parameter or an option that there is not, for a value out of its range, and
 * where the trace does not offer what the policy or the model needs.
 */
export function simulate<const T extends ParameterTable>(options: SimulateOptions<T>): FinishedRun {
  const { trace, policy, params = {}, seed = 1, label, policyFile, replay, onProgress } = options
  const simulation = {
    trace,
    policy,
    // All of them, because the digest of the run covers them.
    params: parametersOf(policy.parameters, params, `policy ${policy.id}`, {
      contradiction: policy.contradiction,
      calendar: trace,
    }),
    model: modelInForce(options.model ?? { kind: 'paper' }, trace),
    seed: seedInForce(seed),
    ...(replay === undefined ? {} : { replay }),
    ...(onProgress === undefined ? {} : { onProgress }),
  }
  return simulateRun(label ?? labelOf(policy, params), simulation, policyFile)
}

function modelInForce({ kind, ...given }: ModelOptions, { offers }: Trace): Model {
  const { defaults, options } = MODEL_KINDS.get(kind, 'model')
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(options, name)) continue
    const near = nearest(name, Object.keys(options))
    const hint = near === undefined ? `There are: ${Object.keys(options).join(', ')}.` : `Did you mean "${near}"?`
    throw new UserError({
      where: 'model',
      problem: `the model ${kind} has no option called ${JSON.stringify(name)}`,
      hint,
    })
  }
  return { ...defaults, memory: offers.includes('memory') ? 'trace' : 'equal', ...given }
}

function seedInForce(seed: number): number {
  if (Number.isSafeInteger(seed) && seed >= 0) return seed
  throw new UserError({ where: 'seed', problem: `expected a whole number from 0 on, found ${seed}` })
}

function labelOf({ id, parameters }: Pick<PolicyDefinition, 'id' | 'parameters'>, params: object): string {
  const point = Object.entries(params).map(([name, value]) => {
    const { canonical = String(value) } = settingKind(parameters[name]!).read(spell(parameters[name]!, value)) as {
      readonly canonical?: string
    }
    return { name, setting: { value, written: canonical, canonical }, isSwept: false }
  })
  return policyLabel(id, undefined, point)
}
