import type { EvictionDefinition } from '../cluster/idle-pool.ts'
import type { PlacementDefinition } from '../cluster/placement.ts'
import type { CodeFile } from '../../own/code-file.ts'
import type { ClusterModel, InstancesModel, Model, PaperModel } from '../model.ts'
import { exportOf } from '../../own/own-code.ts'
import { guardedEviction, guardedPlacement } from './own-rules.ts'
import { openWatch, type Watch } from '../../own/watch.ts'

/** Names of the apps. */
interface AppNames {
  at(app: number): string
}

/** A model as it is sent to a worker, where functions do not go: rules of a user's own are the files that they are in. */
export type SentModel =
  | PaperModel
  | InstancesModel
  | (Omit<ClusterModel, 'eviction' | 'placement'> & {
      readonly eviction: string | CodeFile
      readonly placement: string | CodeFile
    })

/** The files of a model's rules that are a user's own. */
export function ruleFiles(model: Model): { readonly eviction?: string; readonly placement?: string } {
  if (model.kind !== 'cluster') return {}
  const { eviction, placement } = model
  return {
    ...(typeof eviction === 'string' || eviction.code === undefined ? {} : { eviction: eviction.code.file }),
    ...(typeof placement === 'string' || placement.code === undefined ? {} : { placement: placement.code.file }),
  }
}

export function sentModel(model: Model): SentModel {
  if (model.kind !== 'cluster') return model
  return { ...model, eviction: sentRule(model.eviction), placement: sentRule(model.placement) }
}

function sentRule(rule: string | EvictionDefinition | PlacementDefinition): string | CodeFile {
  if (typeof rule === 'string') return rule
  if (rule.code === undefined) throw new Error(`the rule ${rule.id} is in no file that a worker could load`)
  return rule.code
}

/**
 * The model that was sent, with its rules loaded for the run, for apps of these names. Throws a UserError for a file that was
 * edited.
 */
export async function receivedModel(model: SentModel, run: string, names: AppNames, watch: Watch): Promise<Model> {
  if (model.kind !== 'cluster') return model
  const { eviction, placement } = model
  const loaded = {
    eviction: typeof eviction === 'string' ? eviction : ((await loadedRule(eviction, run)) as EvictionDefinition),
    placement: typeof placement === 'string' ? placement : ((await loadedRule(placement, run)) as PlacementDefinition),
  }
  return guardedModel({ ...model, ...loaded }, names, watch)
}

async function loadedRule(code: CodeFile, run: string): Promise<object> {
  return { ...((await exportOf(code, run)) as object), code }
}

/** The model whose rules of a user's own tell what they throw, and are held to what they must give. */
export function guardedModel(model: Model, names: AppNames, watch: Watch = openWatch()): Model {
  if (model.kind !== 'cluster') return model
  const { eviction, placement } = model
  return {
    ...model,
    eviction:
      typeof eviction === 'string' || eviction.code === undefined
        ? eviction
        : guardedEviction(eviction, { file: eviction.code.file, names, watch }),
    placement:
      typeof placement === 'string' || placement.code === undefined
        ? placement
        : guardedPlacement(placement, { file: placement.code.file, names, watch }),
  }
}
