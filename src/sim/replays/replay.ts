import type { PolicyDefinition } from '../../policy/policy.ts'
import type { WorldParts } from '../world.ts'

/** What is to be replayed. */
export interface ReplayParts extends WorldParts {
  readonly definition: Pick<PolicyDefinition, 'scope' | 'neverUnloads'>
  /** Whether the policy may want to be asked again. */
  readonly mayAskAgain: boolean
}

/** A stretch of apps: from the first up to, not including, the one after the last. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

/** A way of replaying a trace. All that suit give the same accounts, bit for bit, at unlike speed. */
export interface Replay {
  readonly id: string
  /** One sentence for contributors. */
  readonly summary: string
  suits(parts: ReplayParts): boolean
  /** Fills the ledger's rows of a stretch of apps, which is all of them unless {@link goesByApp}; tells the share done, 0 to 1. */
  run(parts: ReplayParts, stretch: Stretch, onProgress: (done: number) => void): void
}

/** Whether apps may be replayed one after the other: none learns from another, and they share no memory. */
export function goesByApp({ definition, model }: Pick<ReplayParts, 'definition' | 'model'>): boolean {
  return definition.scope === 'app' && model.kind !== 'cluster'
}
