import type { JoinReport } from './join-report.ts'
import type { Trace, Trigger } from './trace.ts'

/**
 * Gathers rows in any order and gives a {@link Trace} in canonical order (apps by name, functions by name within the
 * app), so that the order of a file's rows changes no bit of it. A builder holds counts or events, not both.
 */
export declare class TraceBuilder {
  constructor(source: { readonly id: string; readonly format: string })
  /** The row of a function, made at its first mention. `owner` may be empty. */
  functionRow(owner: string, app: string, fn: string): number
  setTrigger(row: number, trigger: Trigger): void
  /** Adds invocations in a minute since the trace began; cells of a row may come in any order, and add up. */
  addCount(row: number, minute: number, count: number): void
  addEvent(row: number, startMs: number, durationMs: number): void
  /** A function's mean duration, with its weight among several (days). */
  addDuration(row: number, meanMs: number, weight: number): void
  addMemory(owner: string, app: string, mb: number, weight: number): void
  addColdStart(row: number, ms: number): void
  build(horizonMs: number, join: JoinReport): Trace
}
