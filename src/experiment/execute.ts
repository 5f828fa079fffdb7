import { counted } from '../core/counted.ts'
import { UserError } from '../core/user-error.ts'
import { VERSION } from '../core/version.ts'
import { withoutMarks } from '../engine/ledger.ts'
import { demandSound } from '../metrics/check-ledger.ts'
import { summarise } from '../metrics/summary.ts'
import { chargedMemory } from '../sim/charged-memory.ts'
import { type Outcome, type PooledSimulation, simulationPool } from '../sim/workers/pool.ts'
import { unitsOf } from '../sim/simulation.ts'
import type { RunRecord } from '../store/stored-runs.ts'
import type { Store } from '../store/store.ts'
import type { Trace } from '../trace/trace.ts'
import type { Experiment } from '../config/experiment-file.ts'
import { bordersOf, daysIn, traceUntil } from './judged.ts'
import { type RunPlan, placed, type PlannedRun } from './run-plan.ts'
import { speltSpec } from './run-spec.ts'
import { experimentRecord, type ReadTrace } from './trace-record.ts'

/** Hears how the runs go; positions count from 0 over the runs that are to be made. */
export interface RunWatcher {
  /** Before the first of so many runs. */
  starts?(runs: number): void | Promise<void>
  /** Work on a run begins; several may be at work at once. */
  begins?(run: PlannedRun, position: number, of: number): void
  /** The share of all work that is done, 0 to 1, and how many runs are over. */
  progresses?(share: number, over: number): void
  ends?(run: PlannedRun, outcome: 'finished' | 'failed'): void
  /** All is over, or was given up. */
  stops?(): void
}

/** How the runs are made. */
export interface RunOptions {
  /** Of one that copies what it is given, the memory of a finished run's ledger serves others. */
  readonly store: Pick<Store, 'writeRun'> & Partial<Pick<Store, 'copies'>>
  /** Threads at most; the results do not depend on it. */
  readonly jobs: number
  readonly watcher?: RunWatcher
}

/**
 * Makes runs, as many at once as threads and shared arrivals allow, and keeps each as soon as it is finished; the first
 * ones are among the first that are begun. A run that fails for a reason of the user's does not stop the others; a UserError
 * with all such reasons is thrown at the end.
 */
export async function makeRuns(trace: Trace, runs: readonly PlannedRun[], options: RunOptions): Promise<void> {
  const failures = new Map<PlannedRun, UserError>()
  const { watcher } = options
  const positions = new Map(runs.map((run, position) => [run, position]))
  let over = 0
  await watcher?.starts?.(runs.length)
  try {
    // A pool is over a trace, which ends with what is judged.
    for (const some of Map.groupBy(runs, ({ judged }) => judged?.toMs ?? trace.horizonMs).values()) {
      const before = over
      await makeRunsTogether(trace, some, options, {
        begins: (run) => watcher?.begins?.(run, positions.get(run)!, runs.length),
        progresses: (share) => watcher?.progresses?.((before + share * some.length) / runs.length, over),
        ends(run, failure) {
          over += 1
          if (failure !== undefined) failures.set(run, failure)
          watcher?.ends?.(run, failure === undefined ? 'finished' : 'failed')
        },
      })
    }
  } finally {
    watcher?.stops?.()
  }
  // In the order in which they were planned, whichever came first.
  const told = runs.flatMap((run) => failures.get(run) ?? [])
  const [first, ...others] = told
  if (first === undefined) return
  if (others.length === 0) throw first
  // What is wrong with a world is wrong for every policy in it, and told once.
  const all = new Set(told.map(({ message }) => message.replace(/\.$/, '')))
  throw new UserError({
    where: `${told.length} of ${counted(runs.length, 'run')} failed`,
    problem: `\n${[...all].join('\n')}`,
  })
}

/** Keeps what an experiment consists of, so that its results can be found without its trace. */
export function keepExperiment(store: Store, experiment: Experiment, plan: RunPlan, read: ReadTrace): void {
  store.writeExperiment(experimentRecord(experiment, plan, read))
}

/** Hears how runs that are made together go. */
interface RunListener {
  begins(run: PlannedRun): void
  progresses(share: number): void
  ends(run: PlannedRun, failure: UserError | undefined): void
}

/** Makes runs whose judged parts end at one time. */
async function makeRunsTogether(
  whole: Trace,
  runs: readonly PlannedRun[],
  { store, jobs }: RunOptions,
  listener: RunListener,
): Promise<void> {
  const trace = traceUntil(whole, runs[0]!.judged)
  const pool = simulationPool(trace, jobs)
  try {
    await pool.simulateAll(runs.map(simulationOf), {
      copies: store.copies === true,
      begins: (place) => listener.begins(runs[place]!),
      ends: (place, outcome) => listener.ends(runs[place]!, keep(runs[place]!, outcome, { trace, whole, store })),
      progresses: (share) => listener.progresses(share),
    })
  } finally {
    await pool.close()
  }
}

function simulationOf({ spec, own, model, definition, files, judged, part }: PlannedRun): PooledSimulation {
  return {
    model,
    policy: definition,
    ...(own === undefined ? {} : { policyFile: { file: own.path, sha256: own.sha256 } }),
    params: spec.params as PooledSimulation['params'],
    files,
    seed: spec.seed,
    ...bordersOf(judged),
    ...(part === undefined ? {} : { part }),
  }
}

/** The whole trace, as much of it as is simulated, and where runs are kept. */
interface Keeping extends Pick<RunOptions, 'store'> {
  readonly trace: Trace
  readonly whole: Trace
}

/** Keeps a finished run; gives why it failed, where the user can fix it. */
function keep(run: PlannedRun, outcome: Outcome, keeping: Keeping): UserError | undefined {
  try {
    if ('failure' in outcome) throw placed(outcome.failure, run)
    keeping.store.writeRun(recordOf(run, outcome, keeping))
    return undefined
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
}

/** What is kept of a run. */
function recordOf(
  { spec, digest, model, judged, label, variant, definition, part }: PlannedRun,
  { ledger: marked, wallMs, apps: { from: firstApp } }: Exclude<Outcome, { readonly failure: unknown }>,
  { trace, whole }: Keeping,
): RunRecord {
  const ledger = withoutMarks(marked, trace.horizonMs)
  demandSound(ledger, label)
  const { policy, params, seed } = spec
  const spelt = speltSpec(spec, definition.parameters)
  const days = daysIn(judged, marked)
  const inForce = { policy, params, model: spec.model, spelt, seed, judged, days, digest, version: VERSION }
  const units = unitsOf(trace, model)
  const memoryMb = chargedMemory(units, model).subarray(firstApp, firstApp + ledger.apps)
  const finished = { ...inForce, ledger, memoryMb, horizonMs: trace.horizonMs, wallMs }
  const { totals } = summarise({ ...finished, label, variant })
  const names = Array.from({ length: units.apps.count }, (_, app) => units.apps.name.at(app))
  const record = { trace: whole.digest, spec: JSON.stringify(spec), run: finished, totals, names }
  return part === undefined ? record : { ...record, part: { ...part, firstApp } }
}
