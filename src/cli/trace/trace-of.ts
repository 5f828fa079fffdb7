import type { Experiment } from '../../config/experiment-file.ts'
import { demandTraceThere, traceToRead } from '../../experiment/experiment-trace.ts'
import type { RunsAgain } from '../../experiment/planned-runs.ts'
import type { ReadTrace } from '../../experiment/trace-record.ts'
import { tracePath } from '../../trace/catalogue/named-trace.ts'
import { kindOfPath } from '../../trace/table/source-bytes.ts'
import type { Arguments } from '../arguments/command.ts'
import { readShowing } from './read-showing.ts'

/** Reads the trace of an experiment, or that which --trace names. Throws a UserError where it is not there. */
export async function traceOf(experiment: Pick<Experiment, 'trace'>, args: Arguments): Promise<ReadTrace> {
  const { path, how } = traceToRead(experiment, { path: args.text('trace'), where: '--trace' })
  return { trace: await readShowing([path], how, args.on('quiet')), path }
}

/** Where an experiment was found and how its trace is read, for runs that are made again. */
export function foundBy(args: Arguments): Pick<RunsAgain, 'path' | 'read'> {
  return { path: args.needed('experiment'), read: (experiment) => traceOf(experiment, args) }
}

/** Demands that something is where --trace says, for commands that read the trace later. Throws a UserError. */
export async function demandTrace(args: Arguments): Promise<void> {
  const given = args.text('trace')
  if (given === undefined) return
  demandTraceThere(tracePath(given), '--trace')
  await kindOfPath(tracePath(given))
}
