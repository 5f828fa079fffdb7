import { POLICY_METHODS } from '../policy/wrap-policy.ts'

/**
 * What a worker is doing, in memory that the main thread reads: of code of a user's own how many calls there were, which
 * call it is in (0: none; else a number of {@link callNumber}), for which app (-1: none), and the share that is done in
 * millionths.
 */
export type Watch = Int32Array<SharedArrayBuffer>

const CALLS = 0
const CALL = 1
const APP = 2
const DONE = 3

/** What a user may write, with its methods. */
const METHODS = {
  policy: ['create', ...POLICY_METHODS, 'arrivedAlike'],
  eviction: ['pool', 'add', 'remove', 'forget', 'victim'],
  placement: ['create', 'choose'],
} as const
export type OwnPart = keyof typeof METHODS
export type MethodOf<P extends OwnPart> = (typeof METHODS)[P][number]

const NUMBERED = Object.entries(METHODS).flatMap(([part, methods]) =>
  methods.map((method) => ({ part: part as OwnPart, method: String(method) })),
)
const NUMBERS = new Map(NUMBERED.map(({ part, method }, index) => [`${part}.${method}`, index + 1]))

/** The number under which {@link enter} tells of a call. */
export function callNumber<P extends OwnPart>(part: P, method: MethodOf<P>): number {
  return NUMBERS.get(`${part}.${method}`)!
}

export function openWatch(): Watch {
  return new Int32Array(new SharedArrayBuffer(4 * 4))
}

/** Tells that a method is called. */
export function enter(watch: Watch, number: number, app = -1): void {
  watch[CALLS] = (watch[CALLS]! + 1) | 0
  watch[APP] = app
  watch[CALL] = number
}

/** Tells that the method has come back. */
export function leave(watch: Watch): void {
  watch[CALL] = 0
}

export function tellDone(watch: Watch, share: number): void {
  watch[DONE] = Math.floor(share * 1e6)
}

/** The share that is done, 0 to 1. */
export function doneOf(watch: Watch): number {
  return Atomics.load(watch, DONE) / 1e6
}

/** A call that a worker is in, and which one it is since the beginning. */
export interface WatchedCall {
  readonly count: number
  readonly part: OwnPart
  readonly method: string
  readonly app: number
}

/** The call that a worker is in; undefined when it is in none. */
export function callIn(watch: Watch): WatchedCall | undefined {
  const call = NUMBERED[Atomics.load(watch, CALL) - 1]
  if (call === undefined) return undefined
  return { ...call, count: Atomics.load(watch, CALLS), app: Atomics.load(watch, APP) }
}
