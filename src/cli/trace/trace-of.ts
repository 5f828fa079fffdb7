import { existsSync } from 'node:fs'
import { UserError } from '../../core/user-error.ts'
import type { Experiment } from '../../config/experiment-file.ts'
import type { ReadTrace } from '../../experiment/trace-record.ts'
import { demandDownloaded, tracePath } from '../../trace/catalogue/named-trace.ts'
import { kindOfPath } from '../../trace/table/source-bytes.ts'
import type { Arguments } from '../arguments/command.ts'
import { readShowing } from './read-showing.ts'

/** Reads the trace of an experiment, or that which --trace names. Throws a UserError where it is not there. */
export async function traceOf({ trace }: Pick<Experiment, 'trace'>, args: Arguments): Promise<ReadTrace> {
  const given = args.text('trace')
  // What is named in its place is read in the same way, unless it was compiled.
  const { path, format, where } =
    given === undefined ? trace : { path: tracePath(given), format: undefined, where: '--trace' }
  const { mapping, origin, slice } = trace
  const how = given?.endsWith('.trace') === true ? {} : { mapping, origin, slice }
  demandThere(path, where)
  return {
    trace: await readShowing([path], { ...how, ...(format === undefined ? {} : { format }) }, args.on('quiet')),
    path,
  }
}

/** Demands that something is where --trace says, for commands that read the trace later. Throws a UserError. */
export async function demandTrace(args: Arguments): Promise<void> {
  const given = args.text('trace')
  if (given === undefined) return
  demandThere(tracePath(given), '--trace')
  await kindOfPath(tracePath(given))
}

function demandThere(path: string, where: string): void {
  demandDownloaded(path, where)
  if (existsSync(path)) return
  const hint =
    'Paths are relative to the experiment file; pilotlight download and pilotlight synth make traces, pilotlight list datasets names the public ones; --trace names one that is elsewhere.'
  throw new UserError({ where, problem: `there is no trace at ${path}`, hint })
}
