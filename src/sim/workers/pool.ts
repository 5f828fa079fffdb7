import { Piscina } from 'piscina'
import { UserError } from '../../core/user-error.ts'
import { joinedTables, type LatencyTable } from '../../engine/latency.ts'
import { createLedger, type Ledger, ledgerBytes } from '../../engine/ledger.ts'
import type { Plan } from '../../policy/plan/plan.ts'
import type { Trace } from '../../trace/trace.ts'
import { traceParts } from '../../trace/trace-parts.ts'
import { type AppHistory, historyOf } from '../app-history.ts'
import type { CodeFile } from '../code-file.ts'
import { derivePlan, type PlanOptions } from '../plan/derive-plan.ts'
import { runsWhole, type Simulation, simulate, unitsOf } from '../simulate.ts'
import { isPlanFile } from './own-code.ts'
import { ruleFiles, sentModel } from './sent-model.ts'
import { openWatch, type OwnPart } from './watch.ts'
import { underWatch } from './watchdog.ts'
import type { Findings, Wanted, WorkerAnswer, WorkerTask } from './worker.ts'

/** A simulation on the pool's trace; workers load the policy themselves, by its id or from the file of a user's own. */
export interface PooledSimulation extends Omit<Simulation, 'trace'> {
  /** The file that the policy is in; absent for a listed policy. */
  readonly policyFile?: CodeFile
  /** How long one call of code of a user's own may take, in ms. */
  readonly longestCallMs?: number
}

/** Worker threads that share one trace. Code of a user's own is called in them alone, under watch. */
export interface SimulationPool {
  /** The same accounts, bit for bit, as `simulate` gives, whatever the number of workers. */
  simulate(simulation: PooledSimulation): Promise<Ledger>
  /** What `derivePlan` gives. */
  derivePlan(simulation: PooledSimulation, options: PlanOptions): Promise<Plan>
  /** What `historyOf` gives; the app counts in the units of the model. */
  historyOf(simulation: PooledSimulation, app: number): Promise<AppHistory>
  close(): Promise<void>
}

/** Tasks per worker: enough that one busy app does not leave the others waiting. */
const PARTS_PER_WORKER = 16
/** Below so many cells or events per worker, a thread costs more than it saves. */
const WORTH_A_WORKER = 500_000

/**
 * Opens a pool of at most `jobs` workers over a trace; with one, or for a small trace, it simulates in this thread. A
 * user's own module always runs in a worker, under watch: whatever it does, it does to that thread alone.
 */
export function simulationPool(trace: Trace, jobs: number, worthAWorker = WORTH_A_WORKER): SimulationPool {
  const { arrivals } = trace
  const size = arrivals.kind === 'counts' ? arrivals.minute.length : arrivals.fn.length
  const workers = Math.max(1, Math.min(jobs, Math.floor(size / worthAWorker)))
  let pool: Piscina | undefined
  const opened = (): Opened => ({ pool: (pool ??= openPool(trace, workers)), trace })
  return {
    async simulate(simulation) {
      const isWhole = workers === 1 || runsWhole(simulation.policy, simulation.model)
      if (isWhole && !callsOwnCode(simulation)) return simulate({ ...simulation, trace })
      return simulateInParts(opened(), simulation, isWhole ? 1 : workers * PARTS_PER_WORKER)
    },
    async derivePlan(simulation, options) {
      if (!callsOwnCode(simulation)) return derivePlan({ ...simulation, trace }, options)
      return ask(opened(), simulation, { kind: 'plan', options }, simulation.onProgress)
    },
    async historyOf(simulation, app) {
      if (!callsOwnCode(simulation)) return historyOf({ ...simulation, trace }, app)
      return ask(opened(), simulation, { kind: 'history', app }, simulation.onProgress)
    },
    close: async () => pool?.destroy(),
  }
}

/** Opens a pool for one piece of work, which needs no second thread, and closes it afterwards. */
export async function inPool<T>(trace: Trace, work: (pool: SimulationPool) => Promise<T>): Promise<T> {
  const pool = simulationPool(trace, 1)
  try {
    return await work(pool)
  } finally {
    await pool.close()
  }
}

interface Opened {
  readonly pool: Piscina
  readonly trace: Trace
}

function openPool(trace: Trace, workers: number): Piscina {
  // This file runs from source in tests and as built JavaScript elsewhere; its worker is its neighbour in both.
  const filename = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url).href
  return new Piscina({ filename, minThreads: workers, maxThreads: workers, workerData: traceParts(trace) })
}

/** The files of a user's own that a simulation calls; a plan is none that is run. */
function ownFiles({ policyFile, model }: PooledSimulation): Partial<Record<OwnPart, string>> {
  const isCode = policyFile !== undefined && !isPlanFile(policyFile.file)
  return { ...(isCode ? { policy: policyFile.file } : {}), ...ruleFiles(model) }
}

function callsOwnCode(simulation: PooledSimulation): boolean {
  return Object.keys(ownFiles(simulation)).length > 0
}

async function simulateInParts(opened: Opened, simulation: PooledSimulation, parts: number): Promise<Ledger> {
  const { model, accountFromMs = 0, onProgress } = simulation
  const units = unitsOf(opened.trace, model)
  const apps = units.apps.count
  const buffer = new SharedArrayBuffer(ledgerBytes(apps, units.horizonMs))
  const ledger = createLedger(apps, units.horizonMs, buffer, accountFromMs)
  const latencies: (LatencyTable | null)[] = []
  let done = 0
  const tasks = Array.from({ length: parts }, async (_, part) => {
    const from = Math.floor((part * apps) / parts)
    const to = Math.floor(((part + 1) * apps) / parts)
    const onDone = parts === 1 ? onProgress : undefined
    const result = await ask(opened, simulation, { kind: 'part', buffer, from, to }, onDone)
    addTo(ledger.timeline.area, result.area)
    addTo(ledger.timeline.slope, result.slope)
    latencies[part] = result.latency
    done += to - from
    onProgress?.(done / apps)
  })
  // All parts are waited for, also after one failed: of several failures the first part's is told, and no worker is
  // still busy when the pool is closed.
  const ends = await Promise.allSettled(tasks)
  const failure = ends.find(({ status }) => status === 'rejected')
  if (failure?.status === 'rejected') throw failure.reason
  if (latencies.every((table) => table !== null)) ledger.latency = joinedTables(latencies)
  return ledger
}

/** Asks a worker for something of a simulation, under watch where code of a user's own is called. */
async function ask<W extends Wanted>(
  { pool, trace }: Opened,
  simulation: PooledSimulation,
  wanted: W,
  onDone: ((share: number) => void) | undefined,
): Promise<Findings[W['kind']]> {
  const { model, policy, policyFile, params, files = {}, seed, accountFromMs = 0 } = simulation
  const source = policyFile ?? { id: policy.id }
  const task: WorkerTask = { model: sentModel(model), source, params, files, seed, accountFromMs, wanted }
  const answer = callsOwnCode(simulation)
    ? await runWatched(pool, task, {
        files: ownFiles(simulation),
        names: unitsOf(trace, model).apps.name,
        longestMs: simulation.longestCallMs,
        ...(onDone === undefined ? {} : { onDone }),
      })
    : ((await pool.run(task)) as WorkerAnswer)
  if ('complaint' in answer) throw new UserError(answer.complaint)
  if ('bug' in answer) throw answer.bug
  return answer.found as Findings[W['kind']]
}

function runWatched(
  pool: Piscina,
  task: WorkerTask,
  watched: Omit<Parameters<typeof underWatch>[1], 'watch'>,
): Promise<WorkerAnswer> {
  const watch = openWatch()
  return underWatch((signal) => pool.run({ ...task, watch }, { signal }) as Promise<WorkerAnswer>, {
    ...watched,
    watch,
  })
}

/** Whole numbers only, so the order in which parts end changes nothing. */
function addTo(sum: Float64Array, part: Float64Array): void {
  for (let row = 0; row < sum.length; row += 1) sum[row]! += part[row]!
}
