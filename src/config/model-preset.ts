import type { Described } from '../core/registry.ts'
import type { ClusterModel } from '../sim/model.ts'

/** The semantics of another simulator, as far as the options of the model cluster go. */
export interface ModelPreset extends Described {
  /** What was read to know it. */
  readonly source: string
  readonly options: Partial<ClusterModel>
  /** What it does and this preset does not, or the other way round; a sentence each. */
  readonly deviations: readonly string[]
}
