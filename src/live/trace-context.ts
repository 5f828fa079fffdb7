import { randomBytes } from 'node:crypto'

/** The place of a call in a trace (W3C Trace Context). */
export interface TraceContext {
  readonly traceId: string
  /** The span of whoever called; absent where the trace begins here. */
  readonly parentId?: string
  readonly spanId: string
  readonly isSampled: boolean
}

/** The trace of a call by the header of its caller, or a new one. */
export function traceContextOf(traceparent: string | undefined): TraceContext {
  const given = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})/.exec(traceparent ?? '')
  const spanId = randomBytes(8).toString('hex')
  const isValid = given !== null && !/^0+$/.test(given[1]!) && !/^0+$/.test(given[2]!) && !traceparent!.startsWith('ff')
  if (!isValid) return { traceId: randomBytes(16).toString('hex'), spanId, isSampled: true }
  const isSampled = (Number.parseInt(given[3]!, 16) & 1) === 1
  return { traceId: given[1]!, parentId: given[2]!, spanId, isSampled }
}

/** The header by which a function continues a trace. */
export function traceparentOf({ traceId, spanId, isSampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-0${isSampled ? 1 : 0}`
}
