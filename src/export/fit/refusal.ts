/** An app for which a platform cannot have what the plan says. Nothing is written for it, and it is listed. */
export interface Refusal {
  /** The app's name in the trace. */
  readonly app: string
  /** Why, as in "expected at most 100 scheduled actions, found 102". */
  readonly problem: string
}

/** The refusal of an app that needs more of something than a platform accepts; `things` as in "scheduled actions". */
export function refusedAbove(most: number, found: number, things: string, app: string): Refusal | undefined {
  return found <= most ? undefined : { app, problem: `expected at most ${most} ${things}, found ${found}` }
}
