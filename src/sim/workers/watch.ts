import { POLICY_METHODS } from '../../policy/wrap-policy.ts'

/**
 * What a worker is doing, in memory that the main thread reads: of a user's own policy how many calls there were, in
 * which method it is (0: in none; counted from 1, the first is `create`), for which app (-1: none), and of any task the share that is
 * done in millionths.
 */
export type Watch = Int32Array<SharedArrayBuffer>

const CALLS = 0
const METHOD = 1
const APP = 2
const DONE = 3
const METHODS = ['create', ...POLICY_METHODS]

export function openWatch(): Watch {
  return new Int32Array(new SharedArrayBuffer(4 * 4))
}

/** Tells that a method is called. */
export function enter(watch: Watch, method: string, app = -1): void {
  watch[CALLS] = (watch[CALLS]! + 1) | 0
  watch[APP] = app
  watch[METHOD] = METHODS.indexOf(method) + 1
}

/** Tells that the method has come back. */
export function leave(watch: Watch): void {
  watch[METHOD] = 0
}

export function tellDone(watch: Watch, share: number): void {
  watch[DONE] = Math.floor(share * 1e6)
}

/** The share that is done, 0 to 1. */
export function doneOf(watch: Watch): number {
  return Atomics.load(watch, DONE) / 1e6
}

/** The call that a worker is in, and its number; undefined when it is in none. */
export function callIn(
  watch: Watch,
): { readonly number: number; readonly method: string; readonly app: number } | undefined {
  const method = METHODS[Atomics.load(watch, METHOD) - 1]
  if (method === undefined) return undefined
  return { number: Atomics.load(watch, CALLS), method, app: Atomics.load(watch, APP) }
}
