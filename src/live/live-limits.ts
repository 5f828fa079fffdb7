import { availableParallelism } from 'node:os'
import { SECOND } from '../core/units.ts'
import type { StartLimits } from './fleet/start-limiter.ts'

/** Bodies of at most so many bytes are read whole before the call arrives; longer ones may pass as they come. */
export const WHOLE_BODY_BYTES = 1024 * 1024
/** Bytes of the bodies of all requests that are read or wait or run, at most. */
export const MOST_BODIES_BYTES = 512 * 1024 * 1024
/** Bytes of a reply's headers at most. */
export const MOST_HEADER_BYTES = 16 * 1024
/** Characters kept of what a program printed last. */
export const MOST_OUTPUT = 4096
/** Starts that are under way at a time: two per core, and ten at most, as in OpenWhisk's invoker. */
const MOST_STARTS = Math.min(10, 2 * availableParallelism())
/**
 * Limits of starts. A start that takes longer than the patience lets others begin, so an app that never becomes ready
 * does not delay the others. With five times as many under way the engine is slow, and more starts would make it slower.
 */
export const STARTS: StartLimits = { most: MOST_STARTS, mostWithSlow: 5 * MOST_STARTS, patienceMs: 2 * SECOND }
/** How often a port that does not answer yet is tried, in ms; OpenWhisk retries its init as often. */
export const RETRY_MS = 50
/** A request to the engine that takes longer has failed. */
export const ENGINE_TIMEOUT_MS = 60 * SECOND
/** How long the adapter waits at its end for an engine or a program that does nothing, in ms. */
export const HURRIED_MS = 8 * SECOND
/** How long a call waits until an engine that is away answers about the instance that is to serve it, in ms. */
export const KNOWING_MS = 10 * SECOND
/** How often the removal of a folder is tried again where too many files are open. Each wait is 100 ms longer. */
export const CLEAR_TRIES = 5
