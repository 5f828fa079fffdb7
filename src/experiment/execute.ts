import { performance } from 'node:perf_hooks'
import { UserError } from '../core/user-error.ts'
import { VERSION } from '../core/version.ts'
import { demandSound } from '../metrics/check-ledger.ts'
import { summarise } from '../metrics/summary.ts'
import { chargedMemory } from '../sim/charged-memory.ts'
import { type PooledSimulation, type SimulationPool, simulationPool } from '../sim/workers/pool.ts'
import { unitsOf } from '../sim/simulate.ts'
import type { RunRecord } from '../store/runs.ts'
import type { Store } from '../store/store.ts'
import type { Trace } from '../trace/trace.ts'
import type { Experiment } from '../config/experiment.ts'
import { simulateJudged, traceUntil } from './judged.ts'
import type { Plan, PlannedRun } from './plan.ts'
import { speltSpec } from './run-spec.ts'
import { experimentRecord, type ReadTrace } from './trace-record.ts'

/** Hears how the runs go; positions count from 0 over the runs that are to be made. */
export interface RunWatcher {
  begins?(run: PlannedRun, position: number, of: number): void | Promise<void>
  /** The share of the run that is done, 0 to 1. */
  progresses?(share: number): void
  ends?(run: PlannedRun, outcome: 'finished' | 'failed'): void
}

/** How the runs are made. */
export interface RunOptions {
  readonly store: Pick<Store, 'writeRun'>
  /** Threads at most; the results do not depend on it. */
  readonly jobs: number
  readonly watcher?: RunWatcher
}

/**
 * Makes runs one after the other and keeps each as soon as it is finished. A run that fails for a reason of the user's
 * does not stop the others; a UserError with all such reasons is thrown at the end.
 */
export async function makeRuns(trace: Trace, runs: readonly PlannedRun[], options: RunOptions): Promise<void> {
  const { store, watcher } = options
  const failures: UserError[] = []
  const pools = judgingPools(trace, options.jobs)
  try {
    for (const [position, run] of runs.entries()) {
      await watcher?.begins?.(run, position, runs.length)
      const failure = await pools
        .of(run.judged)
        .then((judging) => makeRun(judging, run, watcher))
        .then(
          (record) => store.writeRun(record),
          (error: unknown) => error,
        )
      watcher?.ends?.(run, failure === undefined ? 'finished' : 'failed')
      if (failure instanceof UserError) failures.push(failure)
      else if (failure !== undefined) throw failure
    }
  } finally {
    await pools.close()
  }
  const [first, ...others] = failures
  if (first === undefined) return
  if (others.length === 0) throw first
  // What is wrong with a world is wrong for every policy in it, and told once.
  const all = new Set(failures.map(({ message }) => message.replace(/\.$/, '')))
  throw new UserError({
    where: `${failures.length} of ${runs.length} runs failed`,
    problem: `\n${[...all].join('\n')}`,
  })
}

/** Keeps what an experiment consists of, so that its results can be found without its trace. */
export function keepExperiment(store: Store, experiment: Experiment, plan: Plan, read: ReadTrace): void {
  store.writeExperiment(experimentRecord(experiment, plan, read))
}

/** A pool over a trace that ends with what is judged, and the whole trace. */
interface Judging {
  readonly pool: SimulationPool
  readonly trace: Trace
  readonly whole: Trace
}

/** One pool at a time: another is opened where what is judged ends elsewhere. */
function judgingPools(whole: Trace, jobs: number) {
  let open: Judging | undefined
  return {
    async of(judged: PlannedRun['judged']): Promise<Judging> {
      const end = judged?.toMs ?? whole.horizonMs
      if (open?.trace.horizonMs === end) return open
      await open?.pool.close()
      const trace = traceUntil(whole, judged)
      open = { pool: simulationPool(trace, jobs), trace, whole }
      return open
    },
    close: async () => open?.pool.close(),
  }
}

async function makeRun({ pool, trace, whole }: Judging, run: PlannedRun, watcher?: RunWatcher): Promise<RunRecord> {
  const { spec, digest, own, model, judged } = run
  const units = unitsOf(trace, model)
  const simulation: PooledSimulation = {
    model,
    policy: run.definition,
    ...(own === undefined ? {} : { policyFile: { file: own.path, sha256: own.sha256 } }),
    params: spec.params as PooledSimulation['params'],
    files: run.files,
    seed: spec.seed,
    onProgress: (share) => watcher?.progresses?.(share),
  }
  const began = performance.now()
  const { ledger, days } = await simulateJudged(pool, simulation, judged)
  const wallMs = performance.now() - began
  demandSound(ledger, run.label)
  const { policy, params, seed } = spec
  const spelt = speltSpec(spec, run.definition.parameters)
  const inForce = { policy, params, model: spec.model, spelt, seed, judged, days, digest, version: VERSION }
  const finished = { ...inForce, ledger, memoryMb: chargedMemory(units, model), horizonMs: trace.horizonMs, wallMs }
  const { totals } = summarise({ ...finished, label: run.label, variant: run.variant })
  const names = Array.from({ length: units.apps.count }, (_, app) => units.apps.name.at(app))
  return { trace: whole.digest, spec: JSON.stringify(spec), run: finished, totals, names }
}
