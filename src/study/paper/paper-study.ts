import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readExperiment } from '../../config/experiment-file.ts'
import { VERSION } from '../../core/version.ts'
import { keepExperiment, makeRuns, type RunWatcher } from '../../experiment/execute.ts'
import { planRuns } from '../../experiment/run-plan.ts'
import { comparisonOf, resultsOfPlan } from '../../experiment/results.ts'
import { traceSummary } from '../../experiment/trace-record.ts'
import type { Comparison } from '../../metrics/comparison.ts'
import type { TraceSummary } from '../../metrics/run.ts'
import type { Store } from '../../store/store.ts'
import type { ReadTrace } from '../../experiment/trace-record.ts'
import { CLAIMS, type Runs } from './paper-claims.ts'

const FOLDER = fileURLToPath(new URL('../../../experiments/paper/', import.meta.url))

/** A claim of the paper with what a trace says of it. */
export interface JudgedClaim {
  readonly figure: string
  readonly says: string
  readonly known: 'read' | 'recalled'
  readonly rule: string
  readonly measured: string
  readonly holds: boolean | null
}

/** The paper on a trace; the document of `study paper --json`, but for its schema and its comparisons. */
export interface PaperStudy {
  readonly version: string
  readonly trace: TraceSummary
  readonly claims: readonly JudgedClaim[]
  /** The runs of every figure, by its id. */
  readonly figures: ReadonlyMap<string, Comparison>
}

/** Where the runs of a study are kept, and how they are made. */
export interface StudyOptions {
  readonly store: Store
  /** Threads at most; the results do not depend on it. */
  readonly jobs: number
  /** Hears of the runs of one figure after the other. */
  readonly watcher?: RunWatcher
}

/** The names of the experiments of the study, as in `figure-14`. */
function paperFigures(): readonly string[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length))
    .toSorted()
}

/** Runs the paper's figures on a trace; runs that the store has are not made again. */
export async function paperStudy(read: ReadTrace, options: StudyOptions): Promise<PaperStudy> {
  const { store } = options
  const { trace } = read
  const figures = new Map<string, Comparison>()
  for (const figure of paperFigures()) {
    const experiment = await readExperiment(`${FOLDER}${figure}.yaml`)
    const plan = planRuns(experiment, read.trace)
    keepExperiment(store, experiment, plan, read)
    const missing = plan.runs.filter(({ digest }) => !store.hasRun(digest))
    await makeRuns(trace, missing, options)
    figures.set(figure, comparisonOf(resultsOfPlan(store, experiment, plan, read)))
  }
  return {
    version: VERSION,
    trace: traceSummary(trace),
    claims: CLAIMS.map(({ figure, says, known, rule, measure }) => {
      const { text, holds } = measure(runsOf(figure, figures.get(figure)!, trace.horizonMs))
      return { figure, says, known, rule, measured: text, holds }
    }),
    figures,
  }
}

function runsOf(figure: string, { runs }: Comparison, horizonMs: number): Runs {
  return {
    horizonMs,
    all: runs,
    of(label: string) {
      const found = runs.find((run) => run.label === label)
      if (found === undefined) throw new Error(`experiments/paper/${figure}.yaml has no run ${label}`)
      return found
    },
  }
}
