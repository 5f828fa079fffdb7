import { availableParallelism } from 'node:os'
import { type Experiment, readExperiment } from '../config/experiment-file.ts'
import { keepExperiment, makeRuns, type RunWatcher } from '../experiment/execute.ts'
import type { ReadTrace } from '../experiment/trace-record.ts'
import { defaultStore } from '../experiment/places.ts'
import { keepBounds } from '../experiment/bound-curves.ts'
import { baselineFirst, planRuns } from '../experiment/run-plan.ts'
import { comparisonOf, resultsOfPlan } from '../experiment/results.ts'
import { keepMeasured } from '../experiment/measured-starts.ts'
import { traceToRead } from '../experiment/experiment-trace.ts'
import type { Comparison } from '../metrics/comparison.ts'
import { openStore } from '../store/store.ts'
import { readTrace } from '../trace/read.ts'

/** How an experiment is run. */
export interface RunExperimentOptions {
  /** The path of the trace, where it is not where the experiment says. */
  readonly trace?: string
  /** The file that results are kept in. Default: `reports/<name>/results.sqlite` under the current folder. */
  readonly store?: string
  /** Threads at most; the results do not depend on it. Default: one per core. */
  readonly jobs?: number
  /** Makes finished runs again. Default: false. */
  readonly fresh?: boolean
  readonly watcher?: RunWatcher
}

/**
 * Does what `pilotlight run` does: makes the runs of an experiment, the path of its file or what `readExperiment` gave,
 * that its store does not have yet, and compares them all. Throws a `UserError` for what is wrong with the file, the
 * trace or a run.
 */
export async function runExperiment(
  source: string | Experiment,
  options: RunExperimentOptions = {},
): Promise<Comparison> {
  const experiment = typeof source === 'string' ? await readExperiment(source) : source
  const { jobs = availableParallelism(), fresh = false, watcher } = options
  const read = await readTraceOf(experiment, options.trace)
  const { trace } = read
  const plan = planRuns(experiment, trace)
  const store = openStore(options.store ?? defaultStore(experiment.name), { create: true })
  try {
    keepExperiment(store, experiment, plan, read)
    // Two labels may stand for one run, which is made once.
    const once = [...new Map(plan.runs.map((run) => [run.digest, run])).values()]
    const missing = once.filter(({ digest }) => fresh || !store.hasRun(digest))
    keepBounds(store, trace, plan.runs)
    await makeRuns(trace, baselineFirst(plan, missing), { store, jobs, ...(watcher === undefined ? {} : { watcher }) })
    await keepMeasured(store, trace, baselineFirst(plan, plan.runs))
    return comparisonOf(resultsOfPlan(store, experiment, plan, read), experiment.metrics)
  } finally {
    store.close()
  }
}

async function readTraceOf(experiment: Experiment, given: string | undefined): Promise<ReadTrace> {
  const { path, how } = traceToRead(experiment, { path: given, where: 'trace' })
  return { trace: await readTrace(path, how), path }
}
