import type { AppState } from './app-state.ts'

/** What an instance is doing. */
export const LOADING = 0
export const IDLE = 1
export const BUSY = 2

/**
 * One loaded copy of an app, or one that is being loaded; reused for another after it is unloaded. `previous` and `next`
 * chain the idle instances of an app in the order in which they became idle, or those with room that are busy or loading.
 */
export class Instance {
  /** Its number; hosts and drivers know it by that. */
  readonly row: number
  app: AppState | null = null
  state = LOADING
  /** Invocations that are running, or waiting for the load to end. */
  taken = 0
  /** When the present state began, and when loading began. Begun as fractions so that V8 keeps them as doubles. */
  since = 0.5
  bornAt = 0.5
  /** Whether it was pre-warmed and has served nothing yet. */
  isUnused = false
  previous: Instance | null = null
  next: Instance | null = null

  constructor(row: number) {
    this.row = row
  }
}
