import { UserError } from '../core/user-error.ts'
import type { Model } from '../sim/model.ts'
import type { ExperimentModel } from '../config/experiment-file.ts'
import type { GridPoint } from './grid.ts'
import { MODEL_KINDS, NO_PRESET } from '../config/model-kinds.ts'
import { presets } from '../config/presets/index.ts'
import { meaning, type Rule, ruleInForce } from '../config/rule-setting.ts'
import type { Value } from '../config/setting.ts'
import type { TraceFacts } from './trace-facts.ts'

/** A world for the simulation, and the same as the options that a report prints. */
export interface WorldInForce {
  readonly model: Model
  /** The kind and every option that has an effect on this trace. */
  readonly inForce: Readonly<Record<string, Value>>
}

/** One world of an experiment's model on a trace. Throws a UserError for an option that the trace cannot serve. */
export function worldOf(
  { defaults, given }: Pick<ExperimentModel, 'defaults' | 'given'>,
  point: GridPoint,
  trace: Pick<TraceFacts, 'id' | 'offers'>,
): WorldInForce {
  const chosen = Object.fromEntries(point.map(({ name, setting }) => [name, meaning(setting)]))
  const where = (option: string): string => given.find(({ name }) => name === option)!.where
  const hasMemory = trace.offers.includes('memory')
  if (chosen['memory'] === 'trace' && !hasMemory) {
    const problem = `the trace ${trace.id} has no memory of its apps`
    throw new UserError({ where: where('memory'), problem, hint: 'Write memory: equal, which charges every app 1 MB.' })
  }
  const hasTimes = trace.offers.includes('arrivalTime')
  if (chosen['spread'] !== undefined && hasTimes) {
    const problem = `the trace ${trace.id} has its own arrival times, so there are no minutes to spread`
    throw new UserError({ where: where('spread'), problem, hint: 'Remove spread.' })
  }
  const { as = NO_PRESET, ...options } = chosen
  const preset: Partial<Model> = as === NO_PRESET ? {} : presets.get(String(as), where('as')).options
  const model = { ...defaults, memory: hasMemory ? 'trace' : 'equal', ...preset, ...options } as Model
  const inForce = optionsInForce(model, trace)
  return { model, inForce: as === NO_PRESET && chosen['as'] === undefined ? inForce : { ...inForce, as: String(as) } }
}

/** The options that a model's kind takes, without those that have no effect on the trace. */
export function optionsInForce(model: Model, { offers }: Pick<TraceFacts, 'offers'>): Readonly<Record<string, Value>> {
  const options = Object.keys(MODEL_KINDS.get(model.kind, 'model').options)
  const hasTimes = offers.includes('arrivalTime')
  const effective = options.filter((option) => option in model && (option !== 'spread' || !hasTimes))
  return Object.fromEntries(
    ['kind', ...effective].map((option) => {
      const value: Value | Rule = model[option as Exclude<keyof Model, 'stages'>]
      return [option, isRule(value) ? ruleInForce(value) : value]
    }),
  )
}

function isRule(value: Value | Rule): value is Rule {
  return typeof value === 'object' && ('pool' in value || 'create' in value)
}
