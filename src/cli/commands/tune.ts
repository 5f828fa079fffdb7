import type { Goal } from '../tune/tune-study.ts'
import { parseDuration } from '../../core/units.ts'
import { UserError } from '../../core/user-error.ts'
import { type Arguments, type Command, JSON_FLAG } from '../arguments/command.ts'
import { print, printJson } from '../terminal/output.ts'

export const tuneCommand: Command = {
  usage: 'tune <experiment>',
  summary: 'Chooses among the runs of an experiment on the first part of its trace, and judges the choice on the rest.',
  words: { experiment: 'An experiment (.yaml); its lists of parameters are what is tried.' },
  flags: {
    'judge-from': {
      describe: 'Where the judged part begins, since the beginning of the trace, as in 8d.',
      takes: 'duration',
      required: true,
    },
    'most-idle': {
      describe: 'Choose the fewest cold starts at no more than so much idle memory, relative to the baseline.',
      takes: 'number',
    },
    'most-cold': {
      describe: 'Choose the least idle memory at no more than so many cold starts on the learning part.',
      takes: 'n',
    },
    trace: { describe: 'Another trace than the experiment names.', takes: 'path' },
    json: JSON_FLAG,
  },
  example: [
    'tune experiments/quickstart.yaml --judge-from 1d --most-idle 1.5',
    'chooses by the first day of the sample and judges on the second',
  ],
  async run(args) {
    const goal = goalOf(args)
    const borderMs = borderOf(args.needed('judge-from'))
    const { readExperiment } = await import('../../config/experiment.ts')
    const experiment = await readExperiment(args.needed('experiment'))
    const { traceOf } = await import('../trace/trace-of.ts')
    const { trace } = await traceOf(experiment, args)
    const { tune } = await import('../tune/tune-study.ts')
    const { beginProgress } = await import('../terminal/progress.ts')
    const progress = await beginProgress(`tuning ${experiment.name}`, undefined, args.on('quiet'))
    try {
      const study = await tune(experiment, trace, { goal, borderMs }, progress.at)
      progress.end()
      if (args.on('json')) printJson({ schema: 1, ...study })
      else {
        const { tuneText } = await import('../tune/tune-text.ts')
        print(tuneText(study))
      }
    } finally {
      progress.end()
    }
  },
}

function borderOf(text: string): number {
  const ms = parseDuration(text)
  if (ms !== undefined) return ms
  const problem = `expected a duration such as 8d or 36h, found ${JSON.stringify(text)}`
  throw new UserError({ where: '--judge-from', problem })
}

/** Exactly one of the two limits. Throws a UserError. */
function goalOf(args: Pick<Arguments, 'text'>): Goal {
  const [idle, cold] = [args.text('most-idle'), args.text('most-cold')]
  if ((idle === undefined) === (cold === undefined)) {
    const problem = 'expected either --most-idle or --most-cold'
    throw new UserError({ where: 'pilotlight tune', problem, hint: 'As in --most-idle 0.5, half of the baseline.' })
  }
  const value = Number(idle ?? cold)
  if (!(value >= 0) || (idle ?? cold)!.trim() === '') {
    const problem = `expected a number from 0 on, found ${JSON.stringify(idle ?? cold)}`
    throw new UserError({ where: idle === undefined ? '--most-cold' : '--most-idle', problem })
  }
  return idle === undefined ? { least: 'idle', mostColdStarts: value } : { least: 'coldStarts', mostIdle: value }
}
