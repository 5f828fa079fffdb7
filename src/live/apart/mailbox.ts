import type { Complaint } from '../../core/user-error.ts'
import type { PolicyMethod } from '../../policy/wrap-policy.ts'

/**
 * Memory that the adapter and the thread of a policy share. The adapter writes calls of the policy's methods, one after the
 * other, and the thread writes each answer in the place of its call. Both count what they wrote: who waits sleeps until the other's count rises.
 */
export interface Mailbox {
  /** How many calls were written, and how many are done. Both begin again after 2^31, see {@link beyond}. */
  readonly counts: Int32Array<SharedArrayBuffer>
  readonly places: Float64Array<SharedArrayBuffer>
}

export const CALLS_WRITTEN = 0
export const CALLS_DONE = 1

/** Calls that wait at most; a power of two. */
export const PLACES = 16_384
/** What a place holds: method, four arguments, outcome, two numbers of the answer. */
const WIDTH = 8
export const METHOD = 0
export const ARGUMENTS = 1
export const OUTCOME = 5
export const ANSWER = 6

/** The outcome of a call. */
export const ANSWERED = 1
export const FAILED = 2

/** What is called in the thread: a method whose arguments are numbers, or `take`: a message that was posted before it. */
export const CALLS = [
  'take',
  'arrived',
  'decide',
  'floor',
  'lastKeepAliveMs',
  'finished',
  'rose',
  'keepIdleMs',
  'save',
  'saveAll',
] as const satisfies readonly (PolicyMethod | 'take')[]
export type ApartCall = (typeof CALLS)[number]

/** A message to the thread: what was learnt of an app, or across apps (null); or the name of an app. */
export type ThreadMessage =
  | { readonly load: number | null; readonly state: unknown }
  | { readonly app: number; readonly name: string }

/** What the thread posts. The first report says whether the policy was made. */
export type ThreadReport = { readonly methods: readonly PolicyMethod[] } | { readonly complaint: Complaint } | Said

/** A report of the policy. */
export type Said =
  /** The policy wants to be asked again of an app. */
  | { readonly asks: number; readonly at: number }
  /** A call failed; `call` is its number. */
  | { readonly failed: number; readonly app: number | null; readonly why: Complaint }
  /** What was learnt of an app, or of all (null). */
  | { readonly learnt: number | null; readonly state: unknown }

export function openMailbox(): Mailbox {
  return {
    counts: new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)),
    places: new Float64Array(new SharedArrayBuffer(PLACES * WIDTH * Float64Array.BYTES_PER_ELEMENT)),
  }
}

/** The place of the call with this number. */
export function callSlot(call: number): number {
  return (call & (PLACES - 1)) * WIDTH
}

/** How many calls one count is beyond another. */
export function beyond(count: number, other: number): number {
  return (count - other) | 0
}
