/** What went wrong with a call or an instance, each with the HTTP status that its caller gets. */
const FAULTS = {
  /** The caller sent what the contract cannot carry. */
  badRequest: 400,
  /** The program ended, or refused the connection. */
  exited: 502,
  /** The program ended because it wanted more memory than it may have. */
  memory: 502,
  /** What it answered is no answer of the contract, or too large. */
  garbage: 502,
  /** The function itself says that it failed. */
  failed: 502,
  /** It did not become ready in time. */
  notReady: 504,
  /** The execution took longer than it may. */
  timeout: 504,
  /** The backend could not start or reach it. */
  backend: 503,
  /** No room for another instance. */
  noRoom: 503,
  /** The adapter is about to end. */
  closing: 503,
  /** The body of the request is larger than bodies may be. */
  tooLarge: 413,
  /** More calls at once, or more bytes of their bodies, than the adapter takes. */
  tooMany: 429,
} as const
export type FaultKind = keyof typeof FAULTS

/** A call or an instance that failed, for a reason that lies outside of the adapter. */
export class Fault extends Error {
  override readonly name = 'Fault'
  readonly kind: FaultKind

  constructor(kind: FaultKind, message: string) {
    super(message)
    this.kind = kind
  }

  get status(): number {
    return FAULTS[this.kind]
  }

  /** Whether the instance may go on serving after it. */
  get leavesInstance(): boolean {
    return this.kind === 'failed' || this.kind === 'badRequest'
  }
}

/** Anything that was thrown, as a fault. */
export function faultOf(error: unknown, kind: FaultKind): Fault {
  if (error instanceof Fault) return error
  return new Fault(kind, error instanceof Error ? error.message : String(error))
}
