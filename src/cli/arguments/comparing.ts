import { counted } from '../../core/counted.ts'
import type { Goal } from '../../metrics/decision/decision.ts'
import type { Comparison } from '../../metrics/comparison.ts'
import { metricNamed } from '../../metrics/decision/goal.ts'
import type { ComparingOptions } from '../../experiment/results.ts'
import { UserError } from '../../core/user-error.ts'
import { say } from '../terminal/output.ts'
import type { Arguments, Flag } from './command.ts'

/** A flag of commands that read an experiment. */
export const SET_FLAG: Flag = {
  describe: 'Set a value of the experiment, as in model.kind=instances or policies[1].range=2h; may be repeated.',
  takes: 'key=value',
}

/** Flags of commands that show a comparison. */
export const COMPARING_FLAGS: Readonly<Record<string, Flag>> = {
  where: {
    describe: 'Only runs of which this is true, as in "policy = fixed" or "cold-share < 2 %"; may be repeated.',
    takes: 'condition',
  },
  sort: {
    describe: 'Best runs first by a metric, as in p75-app-cold; worst first with :worst after it.',
    takes: 'metric',
    completes: async () => (await import('../../metrics/index.ts')).METRICS.ids,
  },
}

/** A flag of commands that may fail for what a comparison says. */
export const FAIL_FLAG: Flag = {
  describe: 'End with exit code 3 if this is true of any run, as in "cold-share > 2 %"; may be repeated.',
  takes: 'condition',
}

/** How a comparison is made as the flags say. */
export async function comparingOptions(args: Arguments, goal?: Goal): Promise<ComparingOptions> {
  const { readCondition } = await import('../../metrics/condition.ts')
  const [where, sort] = [args.texts('where'), args.text('sort')]
  const wanted = goal === undefined ? {} : { goal }
  if (where.length === 0 && sort === undefined) return wanted
  return {
    ...wanted,
    choose(runs, columns) {
      const conditions = where.map((text) => readCondition(text, { runs, columns }, '--where'))
      const kept = [...runs.keys()].filter((at) => conditions.every(({ holds }) => holds(runs[at]!)))
      if (kept.length === 0 && runs.length > 0) {
        const problem = `of ${counted(runs.length, 'run')} none meets ${where.map((text) => JSON.stringify(text)).join(' and ')}`
        throw new UserError({ where: '--where', problem })
      }
      return sort === undefined ? kept : sorted(kept, sort, { runs, columns })
    },
  }
}

function sorted(
  positions: readonly number[],
  text: string,
  { runs, columns }: Pick<Comparison, 'runs' | 'columns'>,
): readonly number[] {
  const [, name = '', side] = /^(.*?)(?::(best|worst))?$/.exec(text.trim()) ?? []
  const metric = metricNamed(name, columns, '--sort')
  const sign = (metric.better === 'higher' ? -1 : 1) * (side === 'worst' ? -1 : 1)
  const figure = (position: number): number | null => runs[position]!.metrics[metric.id] ?? null
  return positions.toSorted((one, other) => {
    const [a, b] = [figure(one), figure(other)]
    // What has no figure comes last.
    if (a === null || b === null) return Number(a === null) - Number(b === null)
    return sign * (a - b)
  })
}

/** Says which runs a condition of --fail-if is true of, and sets exit code 3 if there are any. */
export async function failWhere(args: Arguments, { runs, columns }: Comparison): Promise<void> {
  const texts = args.texts('fail-if')
  if (texts.length === 0) return
  const { readCondition } = await import('../../metrics/condition.ts')
  for (const text of texts) {
    const condition = readCondition(text, { runs, columns }, '--fail-if')
    for (const run of runs.filter((each) => condition.holds(each))) {
      say(`${run.label}: ${condition.found(run)}; --fail-if ${JSON.stringify(condition.text)} is true of it.`)
      process.exitCode = THRESHOLD_EXIT
    }
  }
}

/** The exit code of a command that did its work and found what it was asked to fail for. */
export const THRESHOLD_EXIT = 3
