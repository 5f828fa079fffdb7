import { agreeing } from '../../core/counted.ts'
import { printableText } from '../../core/printable.ts'
import type { Experiment } from '../../config/experiment-file.ts'
import type { ReadTrace } from '../../experiment/trace-record.ts'
import type { RunPlan, PlannedRun } from '../../experiment/run-plan.ts'
import type { Results } from '../../experiment/results.ts'
import type { Store } from '../../store/store.ts'
import type { Trace } from '../../trace/trace.ts'
import { type Arguments, type Command, JSON_FLAG } from '../arguments/command.ts'
import { COMPARING_FLAGS, comparingOptions, FAIL_FLAG, failWhere, SET_FLAG } from '../arguments/comparing.ts'
import { print, printJson, say, terminalOptions } from '../terminal/output.ts'
import { wholeNumber } from '../arguments/whole-number.ts'

export const runCommand: Command = {
  usage: 'run <experiment>',
  summary: 'Runs an experiment and prints the comparison; runs that are already finished are not made again.',
  words: { experiment: 'An experiment file (.yaml).' },
  flags: {
    jobs: { describe: 'Threads at most; by default one per core. The results do not depend on it.', takes: 'n' },
    trace: { describe: 'Where the trace is, if not where the experiment says.', takes: 'path' },
    store: { describe: 'Where results are kept; by default reports/<name>/results.sqlite.', takes: 'file' },
    json: JSON_FLAG,
    'per-app': { describe: 'Also write one row per app and run to this file.', takes: 'file.csv' },
    shard: {
      describe:
        'Make only the i-th of n shares of the runs and of their apps; auto takes i and n from an array job. See pilotlight merge.',
      takes: 'i/n|auto',
    },
    fresh: { describe: 'Make finished runs again.' },
    'most-runs': { describe: 'Refuse an experiment with more runs than this; by default 100000.', takes: 'n' },
    'dry-run': { describe: 'List the runs and make none.' },
    ...COMPARING_FLAGS,
    'fail-if': FAIL_FLAG,
    set: SET_FLAG,
  },
  example: ['run experiments/quickstart.yaml', 'compares three policies on the sample trace'],
  async run(args) {
    const { parseShard } = await import('../../experiment/shard.ts')
    const { shardOf } = await import('../../experiment/shares.ts')
    const { readExperiment } = await import('../../config/experiment-file.ts')
    const shard = parseShard(args.text('shard') ?? '1/1', process.env)
    const jobs = await jobsOf(args)
    const experiment = await readExperiment(args.needed('experiment'), args.texts('set'))
    const { traceOf } = await import('../trace/trace-of.ts')
    await demandOutputsApart(experiment, args)
    const read = await traceOf(experiment, args)
    await tellDefects(read.trace)
    const { MOST_RUNS, planRuns } = await import('../../experiment/run-plan.ts')
    const most = wholeNumber('most-runs', args.text('most-runs'), 1, MOST_RUNS)
    const plan = planRuns(experiment, read.trace, most)
    for (const doubt of plan.doubts) say(`warning: ${doubt}.`)
    const chosen = shardOf(plan.runs, read.trace.apps.count, shard)
    if (args.on('dry-run')) return listRuns(experiment, chosen, args)
    const { openStore } = await import('../../store/store.ts')
    const store = openStore(await storeOf(experiment, args), { create: true })
    try {
      const { resultsOfPlan } = await import('../../experiment/results.ts')
      await makeMissing({ experiment, read, plan, chosen, store, jobs }, args)
      if (shard.count > 1) await listShard(experiment, chosen, store, args)
      else await printResults(experiment, resultsOfPlan(store, experiment, plan, read), store, args)
    } finally {
      store.close()
    }
  },
}

/** Says in one line that the trace has defects, since the figures rest on it. */
async function tellDefects({ join }: Pick<Trace, 'join'>): Promise<void> {
  const { defectsNote } = await import('../../trace/build/join-report.ts')
  const note = defectsNote(join)
  if (note !== undefined) say(`warning: ${note}.`)
}

/** The rows of apps may replace neither what the runs are made of nor the store that they are kept in. */
async function demandOutputsApart(experiment: Experiment, args: Arguments): Promise<void> {
  const perApp = args.text('per-app')
  if (perApp === undefined) return
  const { demandApart } = await import('../../files/apart.ts')
  const inputs = [
    args.needed('experiment'),
    args.text('trace') ?? experiment.trace.path,
    ...experiment.policies.flatMap(({ own }) => own?.path ?? []),
    await storeOf(experiment, args),
  ]
  await demandApart(perApp, '--per-app', inputs)
}

async function jobsOf(args: Arguments): Promise<number> {
  const { availableParallelism } = await import('node:os')
  return wholeNumber('jobs', args.text('jobs'), 1, availableParallelism())
}

async function storeOf({ name }: Experiment, args: Arguments): Promise<string> {
  const { defaultStore } = await import('../../experiment/places.ts')
  return args.text('store') ?? defaultStore(name)
}

interface Work {
  readonly experiment: Experiment
  readonly read: ReadTrace
  readonly plan: RunPlan
  readonly chosen: readonly PlannedRun[]
  readonly store: Store
  readonly jobs: number
}

async function makeMissing({ experiment, read, plan, chosen, store, jobs }: Work, args: Arguments): Promise<void> {
  const { keepExperiment, makeRuns } = await import('../../experiment/execute.ts')
  const { inlineMore } = await import('../../sim/workers/inlining.ts')
  inlineMore()
  const { runProgress } = await import('../terminal/run-progress.ts')
  keepExperiment(store, experiment, plan, read)
  // Two labels may stand for one run, which is made once.
  const once = [...new Map(chosen.map((run) => [`${run.digest} ${run.part?.part}/${run.part?.parts}`, run])).values()]
  const missing = once.filter((run) => args.on('fresh') || !isFinished(store, run))
  const kept = once.length - missing.length
  if (kept > 0 && !args.on('quiet')) {
    const what = once.some(({ part }) => part !== undefined) ? 'runs and parts of runs' : 'runs'
    say(
      `${kept} of ${once.length} ${what} ${agreeing(kept, 'was', 'were')} finished before (--fresh makes them again).`,
    )
  }
  const { trace } = read
  const { keepBounds } = await import('../../experiment/bound-curves.ts')
  const { baselineFirst } = await import('../../experiment/run-plan.ts')
  // Of the shards that have parts of a run, one computes its bounds.
  keepBounds(
    store,
    trace,
    chosen.filter(({ part }) => part === undefined || part.part === 1),
  )
  await makeRuns(trace, baselineFirst(plan, missing), {
    store,
    jobs,
    watcher: runProgress(invocationsOfEach(trace, missing), args.on('quiet')),
  })
  const { keepMeasured } = await import('../../experiment/measured-starts.ts')
  const { beginProgress, INVOCATIONS } = await import('../terminal/progress.ts')
  const progress = await beginProgress('telling when cold starts were', INVOCATIONS, args.on('quiet'))
  try {
    await keepMeasured(store, trace, baselineFirst(plan, chosen), progress.at)
  } finally {
    progress.end()
  }
}

/** Whether a store has a run, or the part of it that is asked for. */
function isFinished(store: Store, { digest, part }: PlannedRun): boolean {
  if (part === undefined || store.hasRun(digest)) return store.hasRun(digest)
  return store.partsOf(digest).some((there) => there.part === part.part && there.parts === part.parts)
}

/** How many invocations a run, or a part of one, has on average. */
function invocationsOfEach({ invocations }: Trace, runs: readonly PlannedRun[]): number {
  const wholes = runs.reduce((sum, { part }) => sum + 1 / (part?.parts ?? 1), 0)
  return (invocations * wholes) / Math.max(1, runs.length)
}

/** What a list of runs says of one of them. */
function described(run: PlannedRun, finished: boolean) {
  const { label, spec, digest, part } = run
  const { policy, params, model, seed } = spec
  return { label, policy, params, model, seed, digest, ...(part === undefined ? {} : { part }), finished }
}

async function listRuns(experiment: Experiment, runs: readonly PlannedRun[], args: Arguments): Promise<void> {
  const { existsSync } = await import('node:fs')
  const { openStore } = await import('../../store/store.ts')
  const path = await storeOf(experiment, args)
  const store = existsSync(path) ? openStore(path, { create: false }) : undefined
  try {
    await printRuns(experiment, runs, (run) => store !== undefined && isFinished(store, run), args)
  } finally {
    store?.close()
  }
}

async function listShard(
  experiment: Experiment,
  runs: readonly PlannedRun[],
  store: Store,
  args: Arguments,
): Promise<void> {
  await printRuns(experiment, runs, (run) => isFinished(store, run), args)
  say(`When all shards are done: pilotlight merge <store...> --out <store>, then pilotlight compare <store>.`)
}

async function printRuns(
  { name }: Experiment,
  runs: readonly PlannedRun[],
  finished: (run: PlannedRun) => boolean,
  args: Arguments,
): Promise<void> {
  const { shareLabel: labelOf } = await import('../../experiment/shares.ts')
  if (args.on('json')) {
    printJson({ schema: 1, experiment: name, runs: runs.map((run) => described(run, finished(run))) })
    return
  }
  for (const run of runs) print(printableText(finished(run) ? `${labelOf(run)} (finished)` : labelOf(run)))
}

async function printResults({ metrics }: Experiment, results: Results, store: Store, args: Arguments): Promise<void> {
  const { comparisonOf, perAppRows } = await import('../../experiment/results.ts')
  const comparison = comparisonOf(results, metrics, await comparingOptions(args))
  const perApp = args.text('per-app')
  if (perApp !== undefined) {
    const { writePerApp } = await import('../terminal/per-app-file.ts')
    await writePerApp(perApp, perAppRows(store, results))
  }
  if (args.on('json')) {
    const { toJson } = await import('../../metrics/to-json.ts')
    printJson(toJson(comparison))
  } else {
    const { textReport } = await import('../../report/comparison/text-report.ts')
    print(textReport(comparison, terminalOptions()))
  }
  await failWhere(args, comparison)
}
