import type { Goal } from '../../metrics/decision/decision.ts'
import type { Experiment } from '../../config/experiment-file.ts'
import type { JudgedPart } from '../../experiment/tune/tune.ts'
import { parseDuration } from '../../core/units.ts'
import { UserError } from '../../core/user-error.ts'
import type { Trace } from '../../trace/trace.ts'
import { type Arguments, type Command, JSON_FLAG } from '../arguments/command.ts'
import { SET_FLAG, THRESHOLD_EXIT } from '../arguments/comparing.ts'
import { wholeNumber } from '../arguments/whole-number.ts'
import { print, printJson, say } from '../terminal/output.ts'
import { idsOf } from './list.ts'

/** More candidates are mostly a slip; each is a run on the learning part. */
const MOST_SEARCHED = 10_000

export const tuneCommand: Command = {
  usage: 'tune <experiment>',
  summary:
    'Chooses the parameters of policies on the first part of a trace, searching beyond those listed, and judges the choice on the rest.',
  words: { experiment: 'An experiment (.yaml). The values that it lists are tried; a search stays between them.' },
  flags: {
    'judge-from': {
      describe:
        'Where the judged part begins, counted from the beginning of the trace, as in 8d; by default as the experiment says under judge:.',
      takes: 'duration',
    },
    'most-idle': {
      describe: 'Choose the fewest cold starts with at most so much idle memory, as a multiple of the baseline’s.',
      takes: 'number',
    },
    'most-cold': {
      describe: 'Choose the least idle memory with at most so many cold starts on the learning part.',
      takes: 'n',
    },
    minimise: {
      describe: 'Id of the metric to minimise, as in rum or provider-cost.',
      takes: 'metric',
      completes: idsOf('metrics'),
    },
    budget: {
      describe: 'A limit, as in idle=70% (of the idle memory of the baseline) or cold-share=1%; may be repeated.',
      takes: 'metric=value',
    },
    search: {
      describe: 'Also try so many values between those that are listed, near the best and the front; by default 0.',
      takes: 'n',
    },
    'search-seed': { describe: 'Seed of the search; by default 1.', takes: 'n' },
    out: {
      describe: 'Write an experiment of the choice and the baseline to this file, in the folder of the experiment.',
      takes: 'file.yaml',
    },
    jobs: { describe: 'Threads at most; by default one per core. The results do not depend on it.', takes: 'n' },
    trace: { describe: 'Another trace than the experiment names.', takes: 'path' },
    set: SET_FLAG,
    json: JSON_FLAG,
  },
  example: [
    'tune experiments/quickstart.yaml --judge-from 1d --most-idle 1.5',
    'chooses by the first day of the sample and judges on the second',
  ],
  async run(args) {
    const { readExperiment } = await import('../../config/experiment-file.ts')
    const { availableParallelism } = await import('node:os')
    const search = wholeNumber('search', args.text('search'), 0, 0)
    if (search > MOST_SEARCHED) {
      const problem = `expected at most ${MOST_SEARCHED}, found ${search}`
      throw new UserError({ where: '--search', problem, hint: 'Each is a run on the learning part.' })
    }
    const seed = wholeNumber('search-seed', args.text('search-seed'), 0, 1)
    const jobs = wholeNumber('jobs', args.text('jobs'), 1, availableParallelism())
    const experiment = await readExperiment(args.needed('experiment'), args.texts('set'))
    const goal = await goalOfFlags(args, experiment)
    const out = await placeOf(args, experiment)
    const from = borderOf(args, experiment)
    const { traceOf } = await import('../trace/trace-of.ts')
    const { trace } = await traceOf(experiment, args)
    const judged = partOf(from, trace)
    const { inlineMore } = await import('../../sim/workers/inlining.ts')
    inlineMore()
    const { metricsOf, tune } = await import('../../experiment/tune/tune.ts')
    const { beginProgress } = await import('../terminal/progress.ts')
    const progress = await beginProgress(`tuning ${experiment.name}`, undefined, args.on('quiet'))
    const { study, chosen, baseline } = await tune(experiment, trace, {
      goal,
      judged,
      search,
      seed,
      jobs,
      onProgress: progress.at,
    }).finally(() => progress.end())
    if (out !== undefined && chosen !== null) {
      const { tunedExperiment } = await import('../../experiment/tune/tuned-experiment.ts')
      const { makeFiles } = await import('../../files/new-files.ts')
      const text = await tunedExperiment(experiment, { chosen, baseline, judged }, trace)
      await refuseExisting(out)
      await makeFiles([{ path: out, text }])
      if (!args.on('quiet')) say(`Written: ${out}`)
    }
    if (chosen === null) process.exitCode = THRESHOLD_EXIT
    if (args.on('json')) return printJson({ schema: 1, ...study })
    const { tuneText } = await import('../tune/tune-text.ts')
    print(tuneText(study, metricsOf(experiment)))
  },
}

/** When the judged part begins, and its end where the experiment says one. */
function borderOf(args: Arguments, { trace: { judges } }: Experiment): { fromMs: number; toMs?: number } {
  const text = args.text('judge-from')
  if (text !== undefined) {
    const ms = parseDuration(text)
    if (ms !== undefined) return { fromMs: ms }
    const problem = `expected a duration such as 8d or 36h, found ${JSON.stringify(text)}`
    throw new UserError({ where: '--judge-from', problem })
  }
  const hint = 'Give --judge-from, as in --judge-from 8d.'
  if (judges === undefined) {
    const problem = 'nothing says where the judged part begins: neither --judge-from nor judge: in the experiment'
    throw new UserError({ where: 'pilotlight tune', problem, hint })
  }
  const [only, ...others] = judges.values
  if (others.length > 0) {
    throw new UserError({ where: judges.where, problem: 'one part is judged, and the experiment lists several', hint })
  }
  const { fromMs, toMs } = only!.value as unknown as { readonly fromMs: number; readonly toMs: number | 'end' }
  return toMs === 'end' ? { fromMs } : { fromMs, toMs }
}

function partOf({ fromMs, toMs }: { fromMs: number; toMs?: number }, { horizonMs }: Trace): JudgedPart {
  return { fromMs, toMs: toMs ?? horizonMs }
}

/** What the flags ask for, else what the experiment says under `choose:`. Throws a UserError. */
async function goalOfFlags(args: Arguments, experiment: Experiment): Promise<Goal> {
  const [idle, cold, minimise] = [args.text('most-idle'), args.text('most-cold'), args.text('minimise')]
  const budgets = args.texts('budget')
  const short = [idle, cold].filter((text) => text !== undefined)
  if (short.length > 1 || (short.length === 1 && (minimise !== undefined || budgets.length > 0))) {
    const problem = 'expected one of --most-idle, --most-cold, and --minimise with --budget'
    throw new UserError({ where: 'pilotlight tune', problem, hint: HOW })
  }
  if (idle !== undefined) {
    const limits = [{ metric: 'idle-memory-relative', value: 100 * numberOf('--most-idle', idle) }]
    return { minimise: 'cold-starts', limits, isAsked: true }
  }
  if (cold !== undefined) {
    const limits = [{ metric: 'cold-starts', value: numberOf('--most-cold', cold) }]
    return { minimise: 'idle-memory', limits, isAsked: true }
  }
  const said = experiment.goal
  if (minimise === undefined && budgets.length === 0) {
    if (said !== undefined) return said
    const problem = 'nothing says what is wanted: expected --most-idle, --most-cold, or --minimise'
    throw new UserError({ where: 'pilotlight tune', problem, hint: HOW })
  }
  const { metricsOf } = await import('../../experiment/tune/tune.ts')
  const { goalOf, readLimit } = await import('../../metrics/decision/goal.ts')
  const metrics = metricsOf(experiment)
  const limits = budgets.map((text) => readLimit(text, metrics, '--budget'))
  const isCold = limits.some(({ metric }) => metric.startsWith('cold-'))
  return goalOf(minimise ?? (isCold ? 'idle-memory' : 'cold-starts'), limits, metrics, '--minimise')
}

const HOW =
  'As in --most-idle 0.5, half of the baseline’s idle memory; --most-cold 900; --minimise rum; --minimise provider-cost --budget cold-share=1%.'

function numberOf(where: string, text: string): number {
  const value = Number(text)
  if (value >= 0 && Number.isFinite(value) && text.trim() !== '') return value
  throw new UserError({ where, problem: `expected a number from 0 on, found ${JSON.stringify(text)}` })
}

/** Where the experiment of the choice goes: into the folder of the experiment, since its paths are relative to that. */
async function placeOf(args: Arguments, { file }: Experiment): Promise<string | undefined> {
  const out = args.text('out')
  if (out === undefined) return undefined
  const { dirname, resolve } = await import('node:path')
  if (args.text('trace') !== undefined) {
    const problem = '--out and --trace do not go together: an experiment names its trace'
    throw new UserError({ where: '--out', problem, hint: 'Use --set trace.path=<path> in place of --trace.' })
  }
  if (resolve(dirname(out)) !== resolve(dirname(file))) {
    const problem = `expected a file in ${dirname(file)}, where ${file} is, found ${out}`
    throw new UserError({ where: '--out', problem, hint: 'The paths in an experiment are relative to its folder.' })
  }
  if (!/\.ya?ml$/.test(out)) throw new UserError({ where: '--out', problem: `expected a .yaml file, found ${out}` })
  await refuseExisting(out)
  return out
}

async function refuseExisting(out: string): Promise<void> {
  const { existsSync } = await import('node:fs')
  if (!existsSync(out)) return
  throw new UserError({ where: '--out', problem: `there is a file ${out} already`, hint: 'Choose another name.' })
}
