import { UserError } from '../core/user-error.ts'
import { VERSION } from '../core/version.ts'
import type { Ledger } from '../engine/ledger.ts'
import { demandSound } from '../metrics/check-ledger.ts'
import { summarise } from '../metrics/summary.ts'
import { chargedMemory } from '../sim/charged-memory.ts'
import { type Outcome, type PooledSimulation, simulationPool } from '../sim/workers/pool.ts'
import { unitsOf } from '../sim/simulate.ts'
import type { RunRecord } from '../store/runs.ts'
import type { Store } from '../store/store.ts'
import type { Trace } from '../trace/trace.ts'
import type { Experiment } from '../config/experiment.ts'
import { borders, judgedAccounts, traceUntil } from './judged.ts'
import { type Plan, placed, type PlannedRun } from './plan.ts'
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
  readonly store: Pick<Store, 'writeRun'>
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
    where: `${told.length} of ${runs.length} runs failed`,
    problem: `\n${[...all].join('\n')}`,
  })
}

/** Keeps what an experiment consists of, so that its results can be found without its trace. */
export function keepExperiment(store: Store, experiment: Experiment, plan: Plan, read: ReadTrace): void {
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
  const open = runs.map((run) => new OpenRun(run))
  const simulations = open.flatMap((run) => run.simulations().map((simulation, day) => ({ run, day, simulation })))
  const pool = simulationPool(trace, jobs)
  try {
    await pool.simulateAll(
      simulations.map(({ simulation }) => simulation),
      {
        begins(place) {
          const { run } = simulations[place]!
          if (run.begin()) listener.begins(run.planned)
        },
        ends(place, outcome) {
          const { run, day } = simulations[place]!
          if (run.take(day, outcome)) listener.ends(run.planned, keep(run, { trace, whole }, store))
        },
        progresses: (share) => listener.progresses(share),
      },
    )
  } finally {
    await pool.close()
  }
}

/** Keeps a finished run; gives why it failed, where that is the user's to mend. */
function keep(run: OpenRun, traces: Traces, store: RunOptions['store']): UserError | undefined {
  try {
    store.writeRun(run.record(traces))
    return undefined
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
}

/** The whole trace, and as much of it as is simulated. */
interface Traces {
  readonly trace: Trace
  readonly whole: Trace
}

/** A run that is being made: of one simulation, or of one for each of its judged days. */
class OpenRun {
  readonly planned: PlannedRun
  private readonly borders: readonly number[]
  private readonly outcomes: (Outcome | undefined)[]
  private isBegun = false

  constructor(planned: PlannedRun) {
    this.planned = planned
    this.borders = borders(planned.judged)
    this.outcomes = this.borders.map(() => undefined)
  }

  simulations(): PooledSimulation[] {
    const { spec, own, model, definition, files, part } = this.planned
    return this.borders.map((accountFromMs) => ({
      model,
      policy: definition,
      ...(own === undefined ? {} : { policyFile: { file: own.path, sha256: own.sha256 } }),
      params: spec.params as PooledSimulation['params'],
      files,
      seed: spec.seed,
      accountFromMs,
      ...(part === undefined ? {} : { part }),
    }))
  }

  /** Says whether it had not begun. */
  begin(): boolean {
    const isFirst = !this.isBegun
    this.isBegun = true
    return isFirst
  }

  /** Takes what became of the simulation of a day; says whether it was the last that was missing. */
  take(day: number, outcome: Outcome): boolean {
    this.outcomes[day] = outcome
    return this.outcomes.every((each) => each !== undefined)
  }

  /** What is kept of it. Throws what its first day threw that threw anything. */
  record({ trace, whole }: Traces): RunRecord {
    const { spec, digest, model, judged, label, variant, definition, part } = this.planned
    const ledgers: Ledger[] = []
    let wallMs = 0
    let firstApp = 0
    for (const outcome of this.outcomes) {
      if (outcome === undefined) throw new Error(`the run ${label} is not over`)
      if ('failure' in outcome) throw placed(outcome.failure, this.planned)
      ledgers.push(outcome.ledger)
      firstApp = outcome.apps.from
      wallMs += outcome.wallMs
    }
    // Nothing of it is needed any more.
    this.outcomes.fill(undefined)
    const { ledger, days } = judgedAccounts(judged, ledgers)
    demandSound(ledger, label)
    const { policy, params, seed } = spec
    const spelt = speltSpec(spec, definition.parameters)
    const inForce = { policy, params, model: spec.model, spelt, seed, judged, days, digest, version: VERSION }
    const units = unitsOf(trace, model)
    const memoryMb = chargedMemory(units, model).subarray(firstApp, firstApp + ledger.apps)
    const finished = { ...inForce, ledger, memoryMb, horizonMs: trace.horizonMs, wallMs }
    const { totals } = summarise({ ...finished, label, variant })
    const names = Array.from({ length: units.apps.count }, (_, app) => units.apps.name.at(app))
    const record = { trace: whole.digest, spec: JSON.stringify(spec), run: finished, totals, names }
    return part === undefined ? record : { ...record, part: { ...part, firstApp } }
  }
}
