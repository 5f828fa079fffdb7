import { UserError } from '../../core/user-error.ts'
import { INSTANCES_MODEL, type Model, SPREADS } from '../../sim/model.ts'
import type { CurveInput } from '../../sim/curve/reuse-distance.ts'
import type { Trace } from '../../trace/trace.ts'
import { choiceFlag } from '../arguments/choice-flag.ts'
import type { Arguments } from '../arguments/command.ts'
import { wholeNumber } from '../arguments/whole-number.ts'

/** What was chosen of an exact curve's options; undefined for what is left to the trace. */
export interface CurveOptions {
  readonly unit: Model['unit']
  readonly memory: Model['memory'] | undefined
  readonly spread: Model['spread'] | undefined
  readonly seed: number
}

/** The options as typed. Throws a UserError for what is none. */
export function curveOptions(args: Pick<Arguments, 'text'>): CurveOptions {
  return {
    unit: choiceFlag('unit', args.text('unit'), ['app', 'function']) ?? 'app',
    memory: choiceFlag('memory', args.text('memory'), ['trace', 'equal']),
    spread: choiceFlag('spread', args.text('spread'), SPREADS),
    seed: wholeNumber('seed', args.text('seed'), 0, 1),
  }
}

/** What a curve of the trace is made of. Throws a UserError for an option that the trace cannot serve. */
export function curveInput(trace: Trace, { unit, memory, spread, seed }: CurveOptions): CurveInput {
  const hasMemory = trace.offers.includes('memory')
  if (memory === 'trace' && !hasMemory) {
    const problem = `the trace ${trace.id} has no memory of its apps`
    throw new UserError({ where: '--memory', problem, hint: 'Use --memory equal, which charges every app 1 MB.' })
  }
  if (spread !== undefined && trace.offers.includes('arrivalTime')) {
    const problem = `the trace ${trace.id} has its own arrival times, so there are no minutes to spread`
    throw new UserError({ where: '--spread', problem, hint: 'Leave it out.' })
  }
  const model = {
    unit,
    memory: memory ?? (hasMemory ? 'trace' : 'equal'),
    spread: spread ?? INSTANCES_MODEL.spread,
  } as const
  return { trace, model, seed }
}
