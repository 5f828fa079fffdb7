import type { Calendar } from '../core/calendar.ts'

/** What must be known of a trace to plan the runs over it; a store knows as much without reading the trace again. */
export interface TraceFacts extends Calendar {
  readonly id: string
  readonly digest: string
  readonly horizonMs: number
  /** The facts that it offers beyond its invocations, such as `memory`. */
  readonly offers: readonly string[]
}
