/** What went wrong with a call or an instance, each with the HTTP status that its caller gets. */
const FAULTS = {
  /** The contract cannot carry the caller's request. */
  badRequest: 400,
  /** The program ended. */
  exited: 502,
  /** The connection to it ended before its answer did, though the program goes on. It may have been executed. */
  broken: 502,
  /** The adapter ended while it ran. It may have been executed. */
  interrupted: 502,
  /** The caller went away before it had the whole answer. */
  hungUp: 499,
  /** The program ended because it wanted more memory than it may have. */
  memory: 502,
  /** Its answer does not keep to the contract, or is too large. */
  garbage: 502,
  /** The function itself says that it failed. */
  failed: 502,
  /** Its runtime says that it cannot serve any longer. */
  stopped: 502,
  /** Its program says that it could not initialise. */
  init: 502,
  /** It did not become ready in time. */
  notReady: 504,
  /** The execution took longer than it may. */
  timeout: 504,
  /** The backend could not start or reach it. */
  backend: 503,
  /**
   * Nothing was sent: the engine is away, and it is not known whether the instance still is what it was; or it is back, and says
   * that the instance is gone.
   */
  unknown: 503,
  /** No room for another instance. */
  noRoom: 503,
  /** The adapter is about to end. */
  closing: 503,
  /** The body of the request is larger than bodies may be. */
  tooLarge: 413,
  /** More calls at once, or more bytes of their bodies, or more open files than the adapter may have. Nothing was sent. */
  tooMany: 429,
} as const
export type FaultKind = keyof typeof FAULTS

/** Faults after which the instance goes on. Where a connection ended, only the backend knows whether the program ended too. */
const STAYS: ReadonlySet<FaultKind> = new Set([
  'failed',
  'badRequest',
  'broken',
  'hungUp',
  'unknown',
  'noRoom',
  'tooMany',
])

/** A call or an instance failed, for a reason outside of the adapter. */
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
    return STAYS.has(this.kind)
  }
}

/** Anything that was thrown, as a fault. */
export function faultOf(error: unknown, kind: FaultKind): Fault {
  if (error instanceof Fault) return error
  return new Fault(kind, error instanceof Error ? error.message : String(error))
}

/** A fault of this name, as it was written down. */
export function faultNamed(kind: string, message: string): Fault {
  return new Fault(Object.hasOwn(FAULTS, kind) ? (kind as FaultKind) : 'interrupted', message)
}
