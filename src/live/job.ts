import type { Call, Reply } from './instance/contract.ts'
import type { Fault } from './fault.ts'
import type { Served } from './fleet/fleet.ts'

/** A call on its way through the adapter; times are those of the machine's monotonic clock. */
export interface Job {
  readonly app: number
  readonly fn: number
  readonly call: Call
  /** On the fleet's clock. */
  readonly arrivedAt: number
  readonly begunAt: number
  decidedMs: number
  ranFrom: number
  served: Omit<Served, 'instance'>
  /** Gets the answer as soon as it begins, before it is counted. */
  readonly onReply: ((reply: Reply) => void) | undefined
  readonly resolve: (reply: Reply) => void
  readonly reject: (fault: Fault) => void
}
