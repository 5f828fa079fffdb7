import type { Goal } from '../../metrics/decision/decision.ts'
import type { Metric } from '../../metrics/metric.ts'
import type { OpenedResults } from '../terminal/opened-results.ts'
import { type Arguments, type Command, JSON_FLAG } from '../arguments/command.ts'
import { COMPARING_FLAGS, comparingOptions, SET_FLAG, THRESHOLD_EXIT } from '../arguments/comparing.ts'
import { combinedInputs, withResults } from '../terminal/opened-results.ts'
import { print, printJson, terminalOptions } from '../terminal/output.ts'
import { idsOf } from './list.ts'

export const chooseCommand: Command = {
  usage: 'choose <experiment..>',
  summary: 'Chooses among finished runs: the least of one metric within a budget of others, and whether that holds.',
  words: { experiment: 'Experiments (.yaml) that were run, or stores (.sqlite).' },
  flags: {
    budget: {
      describe:
        'A limit, as in idle=70% (of the idle memory of the baseline) or cold-starts=900; may be repeated. By default what the experiment says under choose:, else idle=100%.',
      takes: 'metric=value',
    },
    minimise: {
      describe:
        'Id of the metric to minimise; by default as the experiment says, else cold-starts, or idle-memory where those are limited.',
      takes: 'metric',
      completes: idsOf('metrics'),
    },
    to: {
      describe: 'The platform of the export line; by default knative. See pilotlight list platforms.',
      takes: 'platform',
      completes: idsOf('platforms'),
    },
    where: COMPARING_FLAGS['where']!,
    set: SET_FLAG,
    json: JSON_FLAG,
  },
  example: [
    'choose experiments/quickstart.yaml --budget idle=70% --minimise p75-app-cold',
    'names the run with the least p75-app-cold at no more than 70 % of the baseline’s idle memory',
  ],
  async run(args) {
    await withResults(args, async (inputs) => {
      const { combinedComparison } = await import('../../experiment/combined.ts')
      const { PLATFORMS } = await import('../../export/platforms/index.ts')
      const to = PLATFORMS.get(args.text('to') ?? 'knative', '--to').id
      const goal = await goalOfFlags(args, inputs)
      const comparison = combinedComparison(combinedInputs(inputs), await comparingOptions(args, goal))
      const { choiceOf } = await import('../choose/choice.ts')
      const places = inputs.map(({ path, results }) => ({
        path,
        labels: new Map(results.finished.map(({ digest, label }) => [digest, label])),
      }))
      const choice = choiceOf(comparison, places, to)
      if (choice.winner === null) process.exitCode = THRESHOLD_EXIT
      if (args.on('json')) return printJson({ schema: 1, ...choice })
      const { choiceText } = await import('../choose/choice-text.ts')
      print(choiceText(choice, comparison, terminalOptions()))
    })
  },
}

/** What the flags ask for over what the first experiment says; undefined where neither does. */
async function goalOfFlags(args: Arguments, inputs: readonly OpenedResults[]): Promise<Goal | undefined> {
  const [budgets, minimise] = [args.texts('budget'), args.text('minimise')]
  const said = inputs[0]?.results.goal
  if (budgets.length === 0 && minimise === undefined) return said
  const { METRICS } = await import('../../metrics/index.ts')
  const { goalOf, metricNamed, readLimit } = await import('../../metrics/decision/goal.ts')
  const prices = inputs[0]?.results.record.prices ?? null
  const own = inputs.flatMap(({ experiment }) => experiment?.metrics ?? [])
  const metrics = [...METRICS.all, ...own].map((metric): Metric => ({ ...metric, ...metric.within?.(prices) }))
  const limits = budgets.map((text) => readLimit(text, metrics, '--budget'))
  // Who limits the cold starts wants the least memory for them.
  const usual = limits.some(({ metric }) => metric === 'cold-starts') ? 'idle-memory' : 'cold-starts'
  const least = minimise === undefined ? (said?.minimise ?? usual) : metricNamed(minimise, metrics, '--minimise').id
  return goalOf(least, budgets.length === 0 ? (said?.limits ?? []) : limits, metrics, '--minimise')
}
