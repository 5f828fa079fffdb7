import { Piscina } from 'piscina'
import { UserError } from '../../core/user-error.ts'
import { joinedTables, type LatencyTable } from '../../engine/latency.ts'
import { createLedger, type Ledger, ledgerBytes } from '../../engine/ledger.ts'
import type { Trace } from '../../trace/trace.ts'
import { traceParts } from '../../trace/trace-parts.ts'
import { runsWhole, type Simulation, simulate, unitsOf } from '../simulate.ts'
import { isPlanFile, type PolicyFile } from './policy-file.ts'
import { openWatch } from './watch.ts'
import { underWatch, type Watched } from './watchdog.ts'
import type { PartDone, PartTask } from './worker.ts'

/** A simulation on the pool's trace; workers load the policy themselves, by its id or from the file of a user's own. */
export interface PooledSimulation extends Omit<Simulation, 'trace' | 'order'> {
  /** The file that the policy is in; absent for a listed policy. */
  readonly policyFile?: PolicyFile
  /** How long one call of a policy of a user's own may take, in ms. */
  readonly longestCallMs?: number
}

/** Worker threads that share one trace. */
export interface SimulationPool {
  /** The same accounts, bit for bit, as `simulate` gives, whatever the number of workers. */
  simulate(simulation: PooledSimulation): Promise<Ledger>
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
  const opened = (): Piscina => (pool ??= openPool(trace, workers))
  return {
    async simulate(simulation) {
      const isWhole = workers === 1 || runsWhole(simulation.policy, simulation.model)
      const { policyFile } = simulation
      const isWatched = policyFile !== undefined && !isPlanFile(policyFile.file)
      if (isWhole && !isWatched) return simulate({ ...simulation, trace })
      return simulateInParts(opened(), trace, simulation, isWhole ? 1 : workers * PARTS_PER_WORKER)
    },
    close: async () => pool?.destroy(),
  }
}

function openPool(trace: Trace, workers: number): Piscina {
  // This file runs from source in tests and as built JavaScript elsewhere; its worker is its neighbour in both.
  const filename = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url).href
  return new Piscina({ filename, minThreads: workers, maxThreads: workers, workerData: traceParts(trace) })
}

async function simulateInParts(
  pool: Piscina,
  trace: Trace,
  simulation: PooledSimulation,
  parts: number,
): Promise<Ledger> {
  const {
    model,
    policy,
    policyFile,
    params,
    files = {},
    seed,
    accountFromMs = 0,
    onProgress,
    longestCallMs,
  } = simulation
  const units = unitsOf(trace, model)
  const apps = units.apps.count
  const memory = new SharedArrayBuffer(ledgerBytes(apps, units.horizonMs))
  const ledger = createLedger(apps, units.horizonMs, memory, accountFromMs)
  const latencies: (LatencyTable | null)[] = []
  let done = 0
  const tasks = Array.from({ length: parts }, async (_, part) => {
    const from = Math.floor((part * apps) / parts)
    const to = Math.floor(((part + 1) * apps) / parts)
    const source = policyFile ?? { id: policy.id }
    const task: PartTask = { model, source, params, files, seed, accountFromMs, buffer: memory, from, to }
    const onDone = (share: number): void => void (parts === 1 && onProgress?.(share))
    const result =
      policyFile === undefined || isPlanFile(policyFile.file)
        ? ((await pool.run(task)) as PartDone)
        : await runWatched(pool, task, {
            file: policyFile.file,
            names: units.apps.name,
            onDone,
            longestMs: longestCallMs,
          })
    if ('complaint' in result) throw new UserError(result.complaint)
    if ('bug' in result) throw result.bug
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

/** Runs a task with a policy of a user's own. */
function runWatched(pool: Piscina, task: PartTask, watched: Omit<Watched, 'watch'>): Promise<PartDone> {
  const watch = openWatch()
  return underWatch((signal) => pool.run({ ...task, watch }, { signal }) as Promise<PartDone>, { ...watched, watch })
}

/** Whole numbers only, so the order in which parts end changes nothing. */
function addTo(sum: Float64Array, part: Float64Array): void {
  for (let row = 0; row < sum.length; row += 1) sum[row]! += part[row]!
}
