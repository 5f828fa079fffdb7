import { existsSync } from 'node:fs'
import { UserError } from '../../core/user-error.ts'
import type { Experiment } from '../../config/experiment.ts'
import type { Trace } from '../../trace/trace.ts'
import type { Arguments } from '../arguments/command.ts'
import { readShowing } from './read-showing.ts'

/** Reads the trace of an experiment, or that which --trace names. Throws a UserError where it is not there. */
export async function traceOf({ trace }: Pick<Experiment, 'trace'>, args: Arguments): Promise<Trace> {
  const given = args.text('trace')
  const { path, format, where } = given === undefined ? trace : { path: given, format: undefined, where: '--trace' }
  if (!existsSync(path)) {
    const hint = 'Paths are relative to the experiment file; pilotlight download and pilotlight synth make traces.'
    throw new UserError({ where, problem: `there is no trace at ${path}`, hint })
  }
  return readShowing([path], format, args.on('quiet'))
}
