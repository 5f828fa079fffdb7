import { existsSync } from 'node:fs'
import { UserError } from '../core/user-error.ts'
import type { Experiment } from '../config/experiment-file.ts'
import { demandDownloaded, tracePath } from '../trace/catalogue/named-trace.ts'
import type { TraceOptions } from '../trace/read.ts'

/** Where the trace of an experiment is, and how it is read. */
export interface TraceToRead {
  readonly path: string
  readonly how: Pick<TraceOptions, 'format' | 'mapping' | 'origin' | 'slice'>
}

/**
 * What is read for an experiment: its trace, or the one at `given.path` in its place, which `given.where` calls by its
 * name in errors. Throws a UserError where there is none.
 */
export function traceToRead(
  { trace }: Pick<Experiment, 'trace'>,
  given: { readonly path: string | undefined; readonly where: string },
): TraceToRead {
  const { format, mapping, origin, slice } = trace
  if (given.path === undefined) {
    demandTraceThere(trace.path, trace.where)
    return { path: trace.path, how: { format, mapping, origin, slice } }
  }
  const path = tracePath(given.path)
  demandTraceThere(path, given.where)
  // What is named in its place is read in the same way, unless it was compiled.
  return { path, how: given.path.endsWith('.trace') ? {} : { mapping, origin, slice } }
}

/** Throws a UserError where nothing is at a path. */
export function demandTraceThere(path: string, where: string): void {
  demandDownloaded(path, where)
  if (existsSync(path)) return
  const hint =
    'Paths are relative to the experiment file; pilotlight download and pilotlight synth make traces, pilotlight list datasets names the public ones; --trace names one that is elsewhere.'
  throw new UserError({ where, problem: `there is no trace at ${path}`, hint })
}
