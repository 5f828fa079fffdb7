import { type Experiment, experimentOf, readExperiment } from '../config/experiment-file.ts'
import { parseSource } from '../config/document.ts'
import { UserError } from '../core/user-error.ts'
import { isStoreFile } from './places.ts'
import { type PlannedRun, planRuns } from './run-plan.ts'
import type { ExperimentRecord } from '../store/experiments.ts'
import type { Trace } from '../trace/trace.ts'
import type { ReadTrace } from './trace-record.ts'

/** Which runs are to be made again. */
export interface RunsAgain {
  /** The path of the experiment, or of the store that it was found in. */
  readonly path: string
  /** What the store says of the experiment. */
  readonly record: ExperimentRecord
  readonly digests: readonly string[]
  /** Reads the trace of the experiment, or another in its place. */
  read(experiment: Pick<Experiment, 'trace'>): Promise<ReadTrace>
}

/**
 * The runs of those digests as the experiment plans them, and its trace: what is needed to make them again. Throws a
 * UserError where the trace is another one, or one of them cannot be made again.
 */
export async function plannedRuns({
  path,
  record,
  digests,
  read,
}: RunsAgain): Promise<{ readonly trace: Trace; readonly runs: readonly PlannedRun[] }> {
  const isStore = await isStoreFile(path)
  // A store knows the text of its experiment, where its file was and where its trace was. One of version 1 or 2 does
  // not: paths are then relative to the current folder.
  const { places } = record
  const experiment = isStore
    ? await experimentOf(parseSource(record.source, places?.file ?? `${record.name}.yaml`))
    : await readExperiment(path)
  const { trace: written } = experiment
  const there = isStore && places !== null ? { ...written, path: places.trace } : written
  const { trace } = await read({ trace: there })
  const planned = new Map(planRuns(experiment, trace, Number.POSITIVE_INFINITY).runs.map((run) => [run.digest, run]))
  const runs = digests.flatMap((digest) => planned.get(digest) ?? [])
  if (runs.length === digests.length) return { trace, runs }
  if (trace.digest !== record.trace.digest) {
    const problem = `the trace ${trace.id} is not the one that the run was made on`
    throw new UserError({
      where: experiment.trace.where,
      problem,
      hint: 'Name the trace with --trace, or run again.',
    })
  }
  const problem = 'the run cannot be made again: the file of its policy, or pilotlight itself, has changed since'
  throw new UserError({ where: path, problem, hint: 'Run the experiment again.' })
}
