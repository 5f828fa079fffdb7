import type { FinishedRun } from '../metrics/run.ts'
import type { ParameterTable, ParameterValues } from '../policy/parameters.ts'
import { policies } from '../policy/policies/index.ts'
import { evictions } from '../sim/evictions/index.ts'
import type { Model } from '../sim/model.ts'
import { placements } from '../sim/placements/index.ts'
import type { TraceFacts } from './trace-facts.ts'

/** What of a run says whether it draws; the model as it is, or as the run's options in force. */
type Drawing = Pick<FinishedRun, 'policy' | 'policyFile' | 'params'> & { readonly model: object }

/** Whether a run draws anything at random, so that seeds make different runs: its policy, or its world. */
export function runDraws({ policy, policyFile, params, model }: Drawing, trace: Pick<TraceFacts, 'offers'>): boolean {
  const listed = policyFile === undefined ? policies.all.find(({ id }) => id === policy) : undefined
  // A policy of a user's own may draw.
  const drawsItself = listed === undefined || listed.draws?.(params as ParameterValues<ParameterTable>) === true
  return drawsItself || worldDraws(model, trace)
}

/** Whether a world draws anything at random: the times of counted arrivals, loading times, nodes, or what is evicted. */
export function worldDraws(inForce: object, { offers }: Pick<TraceFacts, 'offers'>): boolean {
  const model = inForce as Model
  const isSpread = !offers.includes('arrivalTime') && RANDOM_SPREADS.has(model.spread)
  if (isSpread || model.kind === 'paper') return isSpread
  const isLaw = typeof model.coldStart === 'object' && 'medianMs' in model.coldStart
  return (
    isLaw || (model.kind === 'cluster' && (isDrawn(placements, model.placement) || isDrawn(evictions, model.eviction)))
  )
}

const RANDOM_SPREADS: ReadonlySet<string> = new Set(['uniform', 'poisson'])

/** Whether a rule draws: the listed one that says so by its name, and any of a user's own, which may. */
function isDrawn({ ids }: { readonly ids: readonly string[] }, rule: unknown): boolean {
  return typeof rule !== 'string' || rule === 'random' || !ids.includes(rule)
}
