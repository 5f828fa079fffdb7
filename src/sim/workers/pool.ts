import { Piscina } from 'piscina'
import { UserError } from '../../core/user-error.ts'
import { joinedTables, type LatencyTable } from '../../engine/latency.ts'
import { createLedger, type Ledger } from '../../engine/ledger.ts'
import type { Trace } from '../../trace/trace.ts'
import { traceParts } from '../../trace/trace-parts.ts'
import { runsWhole, type Simulation, simulate, unitsOf } from '../simulate.ts'
import type { PartDone, PartTask } from './worker.ts'

/** A simulation on the pool's trace; workers load the policy themselves, by its id or from the file of a user's own. */
export interface PooledSimulation extends Omit<Simulation, 'trace' | 'order'> {
  /** Absolute path of the file whose default export the policy is; absent for a listed policy. */
  readonly policyFile?: string
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

/** Opens a pool of at most `jobs` workers over a trace; with one, or for a small trace, it simulates in this thread. */
export function simulationPool(trace: Trace, jobs: number, worthAWorker = WORTH_A_WORKER): SimulationPool {
  const { arrivals } = trace
  const size = arrivals.kind === 'counts' ? arrivals.minute.length : arrivals.fn.length
  const workers = Math.min(jobs, Math.floor(size / worthAWorker))
  if (workers < 2) return { simulate: async (simulation) => simulate({ ...simulation, trace }), close: async () => {} }
  // This file runs from source in tests and as built JavaScript elsewhere; its worker is its neighbour in both.
  const filename = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url).href
  const pool = new Piscina({ filename, minThreads: workers, maxThreads: workers, workerData: traceParts(trace) })
  return {
    simulate: (simulation) =>
      runsWhole(simulation.policy, simulation.model)
        ? Promise.resolve(simulate({ ...simulation, trace }))
        : simulateInParts(pool, trace, simulation, workers * PARTS_PER_WORKER),
    close: () => pool.destroy(),
  }
}

async function simulateInParts(
  pool: Piscina,
  trace: Trace,
  simulation: PooledSimulation,
  parts: number,
): Promise<Ledger> {
  const { model, policy, policyFile, params, seed, accountFromMs = 0, onProgress } = simulation
  const units = unitsOf(trace, model)
  const apps = units.apps.count
  const { byteLength } = createLedger(apps, units.horizonMs).buffer
  const ledger = createLedger(apps, units.horizonMs, new SharedArrayBuffer(byteLength), accountFromMs)
  const latencies: (LatencyTable | null)[] = []
  let done = 0
  const tasks = Array.from({ length: parts }, async (_, part) => {
    const from = Math.floor((part * apps) / parts)
    const to = Math.floor(((part + 1) * apps) / parts)
    const source = policyFile === undefined ? { id: policy.id } : { file: policyFile }
    const buffer = ledger.buffer as SharedArrayBuffer
    const task: PartTask = { model, source, params, seed, accountFromMs, buffer, from, to }
    const result = (await pool.run(task)) as PartDone
    if ('complaint' in result) throw new UserError(result.complaint)
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

/** Whole numbers only, so the order in which parts end changes nothing. */
function addTo(sum: Float64Array, part: Float64Array): void {
  for (let row = 0; row < sum.length; row += 1) sum[row]! += part[row]!
}
