import type { Experiment } from '../../config/experiment.ts'
import { UserError } from '../../core/user-error.ts'
import { MINUTE } from '../../core/units.ts'
import { VERSION } from '../../core/version.ts'
import { simulationOf } from '../../experiment/export-run.ts'
import { placed, type PlannedRun, planRuns } from '../../experiment/plan.ts'
import { traceSummary } from '../../experiment/trace-record.ts'
import type { TraceSummary } from '../../metrics/run.ts'
import { chargedMemory } from '../../sim/charged-memory.ts'
import { unitsOf } from '../../sim/simulate.ts'
import { inPool, type SimulationPool } from '../../sim/workers/pool.ts'
import { sliceTrace } from '../../trace/slice.ts'
import type { Trace } from '../../trace/trace.ts'

/** What is to be least, and the limit that is kept: idle memory relative to the baseline's, or cold starts. */
export type Goal =
  | { readonly least: 'coldStarts'; readonly mostIdle: number }
  | { readonly least: 'idle'; readonly mostColdStarts: number }

/** One run on one part of the trace. */
export interface Outcome {
  readonly coldStarts: number
  readonly invocations: number
  /** Idle memory over that of the baseline on the same part. */
  readonly idle: number
}

/** What the command `tune` tells; the document that it prints with --json, but for its schema. */
export interface TuneStudy {
  readonly version: string
  readonly experiment: string
  readonly trace: TraceSummary
  readonly goal: Goal
  /** The learning part is from the beginning up to here; the judged part from here to the end. Ms. */
  readonly borderMs: number
  readonly baseline: string
  readonly candidates: readonly {
    readonly label: string
    readonly learning: Outcome
    /** Whether no other candidate has both fewer cold starts and less idle memory on the learning part. */
    readonly isOnFront: boolean
  }[]
  /** The choice, by the learning part alone; null where no candidate keeps the limit. */
  readonly chosen: { readonly label: string; readonly learning: Outcome; readonly judged: Outcome } | null
  /** The baseline on the judged part. */
  readonly judgedBaseline: Outcome
}

interface Accounts {
  readonly coldStarts: number
  readonly invocations: number
  readonly idleMbMs: number
}

/**
 * Runs every variant of an experiment on the part of its trace before the border, chooses the best by that part alone, and
 * judges the choice on the rest: it learns from the beginning on, and its accounts begin at the border. Throws a UserError.
 */
export async function tune(
  experiment: Experiment,
  trace: Trace,
  { goal, borderMs }: { readonly goal: Goal; readonly borderMs: number },
  onRun: (done: number, of: number) => void,
): Promise<TuneStudy> {
  if (!(borderMs > 0 && borderMs < trace.horizonMs && borderMs % MINUTE === 0)) {
    const problem = `expected whole minutes above 0 and less than the trace's ${trace.horizonMs / MINUTE}, found ${borderMs / MINUTE}`
    throw new UserError({
      where: '--judge-from',
      problem,
      hint: 'It is the time since the trace began, as in 8d or 36h.',
    })
  }
  const { runs, baseline } = planRuns(experiment, trace)
  const anchor = runs.find(({ variant }) => variant === baseline.variant)!
  const early = sliceTrace(trace, { forMs: borderMs })
  const learnt = await inPool(early, async (pool) => {
    const all: Accounts[] = []
    for (const [done, run] of runs.entries()) {
      onRun(done, runs.length + 2)
      all.push(await accountsOf(run, { trace: early, pool }, 0))
    }
    return all
  })
  const ofAnchor = learnt[runs.indexOf(anchor)]!
  const candidates = runs.map((run, at) => ({ run, learning: relative(learnt[at]!, ofAnchor) }))
  const allowed = candidates.filter(({ learning }) =>
    goal.least === 'coldStarts' ? learning.idle <= goal.mostIdle : learning.coldStarts <= goal.mostColdStarts,
  )
  const [best] = allowed.toSorted(({ learning: one }, { learning: other }) =>
    goal.least === 'coldStarts'
      ? one.coldStarts - other.coldStarts || one.idle - other.idle
      : one.idle - other.idle || one.coldStarts - other.coldStarts,
  )
  onRun(runs.length, runs.length + 2)
  const [judgedAnchor, judged] = await inPool(trace, async (pool) => {
    const judgedAnchor = await accountsOf(anchor, { trace, pool }, borderMs)
    onRun(runs.length + 1, runs.length + 2)
    if (best === undefined) return [judgedAnchor, null]
    return [judgedAnchor, relative(await accountsOf(best.run, { trace, pool }, borderMs), judgedAnchor)]
  })
  return {
    version: VERSION,
    experiment: experiment.name,
    trace: traceSummary(trace),
    goal,
    borderMs,
    baseline: baseline.label,
    candidates: candidates.map(({ run, learning }) => ({
      label: run.label,
      learning,
      isOnFront: candidates.every(({ learning: other }) => !isBetter(other, learning)),
    })),
    chosen: best === undefined || judged === null ? null : { label: best.run.label, learning: best.learning, judged },
    judgedBaseline: relative(judgedAnchor, judgedAnchor),
  }
}

async function accountsOf(
  run: PlannedRun,
  { trace, pool }: { readonly trace: Trace; readonly pool: SimulationPool },
  accountFromMs: number,
): Promise<Accounts> {
  const ledger = await pool.simulate({ ...simulationOf(trace, run), accountFromMs }).catch((error: unknown) => {
    throw placed(error, run)
  })
  const { model } = run
  const memory = chargedMemory(unitsOf(trace, model), model)
  return {
    coldStarts: sum(ledger.coldStarts),
    invocations: sum(ledger.invocations),
    idleMbMs: sum(ledger.idleMs.map((ms, app) => ms * memory[app]!)),
  }
}

function relative({ coldStarts, invocations, idleMbMs }: Accounts, to: Accounts): Outcome {
  return { coldStarts, invocations, idle: to.idleMbMs === 0 ? 0 : idleMbMs / to.idleMbMs }
}

function isBetter(one: Outcome, other: Outcome): boolean {
  const isNoWorse = one.coldStarts <= other.coldStarts && one.idle <= other.idle
  return isNoWorse && (one.coldStarts < other.coldStarts || one.idle < other.idle)
}

function sum(column: Float64Array): number {
  return column.reduce((total, value) => total + value, 0)
}
