import type { PolicyDefinition } from '../../policy/policy.ts'
import type { ArrivalBlock } from '../../trace/arrivals/arrival-block.ts'
import type { GapRuns } from '../../trace/arrivals/gap-runs.ts'
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

/**
 * A run that is given the arrivals of one app after the other, and fills the app's row of its ledger. It takes them in one
 * of two ways.
 */
export interface RunByApp {
  /** The arrivals of this app follow. */
  open(app: number): void
  /** Takes the app's next arrivals. */
  put?(block: ArrivalBlock): void
  /** Takes all of the app's arrivals, as gaps between its active minutes. */
  putGaps?(gaps: GapRuns): void
  /** The app has no more of them: what is still to happen to it happens. */
  close(): void
}

/** A run that is given the arrivals of all apps in time order, and fills all of its ledger. */
export interface RunInTime {
  /** Takes the next arrivals. */
  put(block: ArrivalBlock): void
  /** There are no more of them: what is still to happen happens. */
  close(): void
}

/** A way of replaying a trace. All that suit give the same accounts, bit for bit, at unlike speed. */
interface Way {
  readonly id: string
  /** One sentence for contributors. */
  readonly summary: string
  suits(parts: ReplayParts): boolean
}

/** One app after the other; only where {@link goesByApp}. */
export interface ReplayByApp extends Way {
  readonly order: 'app'
  open(parts: ReplayParts): RunByApp
}

/** All apps together in time order. */
export interface ReplayInTime extends Way {
  readonly order: 'time'
  open(parts: ReplayParts): RunInTime
}

export type Replay = ReplayByApp | ReplayInTime

/** Whether apps may be replayed one after the other: none learns from another, and they share no memory. */
export function goesByApp({ definition, model }: Pick<ReplayParts, 'definition' | 'model'>): boolean {
  return definition.scope === 'app' && model.kind !== 'cluster'
}
