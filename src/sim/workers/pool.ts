import { performance } from 'node:perf_hooks'
import { UserError } from '../../core/user-error.ts'
import { joinedTables, type LatencyTable } from '../../engine/latency.ts'
import { addTo, cutLedger, type PartOf } from '../../engine/ledger-parts.ts'
import { createLedger, type Ledger, ledgerBytes } from '../../engine/ledger.ts'
import type { Plan } from '../../policy/plan/plan.ts'
import type { Trace } from '../../trace/trace.ts'
import { type AppHistory, historiesOf } from '../app-history.ts'
import { coldOverTime, type EqualParts } from '../cold-over-time.ts'
import type { CodeFile } from '../../own/code-file.ts'
import { derivePlan, type PlanOptions } from '../plan/derive-plan.ts'
import { type Simulation, simulateTogether, unitsOf } from '../simulation.ts'
import { LedgerMemory } from './ledger-memory.ts'
import { type PassCandidate, type Pass, passesOf, type WeighedStretch } from './passes.ts'
import { isPlanFile } from '../../own/own-code.ts'
import { ruleFiles, sentModel } from './sent-model.ts'
import { endedWorker, Threads } from './threads.ts'
import type { Stretch } from '../replays/replay.ts'
import { doneOf, openWatch, type OwnPart, type Watch } from '../../own/watch.ts'
import { underWatch } from '../../own/watchdog.ts'
import type { WorkerAnswer, AskTask, Findings, PartDone, PassTask, SentSimulation, WantedFindings } from './worker.ts'

/** A simulation on the pool's trace; workers load the policy themselves, by its id or from the file of a user's own. */
export interface PooledSimulation extends Omit<Simulation, 'trace'> {
  /** The file that the policy is in; absent for a listed policy. */
  readonly policyFile?: CodeFile
  /** How long one call of code of a user's own may take, in ms. */
  readonly longestCallMs?: number
  /** The part of the apps to be simulated; absent for all. Only where no app meets another. */
  readonly part?: PartOf
}

/** What became of one of many simulations. */
export type Outcome =
  | {
      /** Of these apps alone, one row each. */
      readonly ledger: Ledger
      readonly apps: Stretch
      /** The time of work on it, in ms, added up over workers; of work for several together its share. */
      readonly wallMs: number
    }
  | { readonly failure: unknown }

/** Hears how many simulations go. */
interface Listener {
  /** Work on one begins; `place` is its place in the list. */
  begins?(place: number): void
  /** Whether it copies what it needs of a ledger, so that the memory serves others once `ends` returns. */
  readonly copies?: boolean
  /** One is over. */
  ends(place: number, outcome: Outcome): void
  /** The share of all work that is done, 0 to 1. */
  progresses?(share: number): void
}

/** Worker threads that share one trace. Code of a user's own is called in them alone, under watch. */
export interface SimulationPool {
  /**
   * The same accounts, bit for bit, as `simulate` gives for each, whatever the number of workers. Those that share a pass
   * over the arrivals are run together; of the others, too, many are at work at once. What one throws does not stop the others.
   */
  simulateAll(simulations: readonly PooledSimulation[], listener: Listener): Promise<void>
  /** One alone; throws what it throws. */
  simulate(simulation: PooledSimulation): Promise<Ledger>
  /** What `derivePlan` gives. */
  derivePlan(simulation: PooledSimulation, options: PlanOptions): Promise<Plan>
  /** What `historiesOf` gives; apps count in the units of the model. */
  historiesOf(simulation: PooledSimulation, apps: readonly number[]): Promise<readonly AppHistory[]>
  /** What `coldOverTime` gives. */
  coldOverTime(simulation: PooledSimulation, parts: EqualParts): Promise<readonly number[]>
  close(): Promise<void>
}

/** Below so many cells or events per worker, a thread costs more than it saves. */
const WORTH_A_WORKER = 500_000
/** So often progress is told, in ms. */
const TELL_MS = 100

/**
 * Opens a pool of at most `jobs` workers over a trace; with one, or for little work, it simulates in this thread. A
 * user's own module always runs in a worker, under watch: whatever it does, it does to that thread alone.
 */
export function simulationPool(trace: Trace, jobs: number, worthAWorker = WORTH_A_WORKER): SimulationPool {
  const { arrivals } = trace
  const size = arrivals.kind === 'counts' ? arrivals.firstCell.at(-1)! : arrivals.fn.length
  let threads: Threads | undefined
  const simulateAll: SimulationPool['simulateAll'] = async (simulations, listener) => {
    const workers = Math.max(1, Math.min(jobs, Math.floor((size * wholesOf(simulations)) / worthAWorker)))
    const isNeeded = workers > 1 || simulations.some(callsOwnCode)
    if (isNeeded) threads ??= new Threads(trace, workers, jobs)
    await new PoolJob(trace, simulations, listener, workers, threads).run()
  }
  return {
    simulateAll,
    async simulate(simulation) {
      const { onProgress } = simulation
      const outcomes: Outcome[] = []
      const ends: Listener['ends'] = (_place, outcome) => void outcomes.push(outcome)
      await simulateAll([simulation], { ends, ...(onProgress === undefined ? {} : { progresses: onProgress }) })
      const [outcome] = outcomes
      if (outcome === undefined) throw new Error('a simulation came to no end')
      if ('failure' in outcome) throw outcome.failure
      return outcome.ledger
    },
    async derivePlan(simulation, options) {
      if (!callsOwnCode(simulation)) return derivePlan({ ...simulation, trace }, options)
      return ask((threads ??= new Threads(trace, 1, jobs)), trace, simulation, { kind: 'plan', options })
    },
    async historiesOf(simulation, apps) {
      if (!callsOwnCode(simulation)) return historiesOf({ ...simulation, trace }, apps)
      return ask((threads ??= new Threads(trace, 1, jobs)), trace, simulation, { kind: 'histories', apps })
    },
    async coldOverTime(simulation, parts) {
      if (!callsOwnCode(simulation)) return coldOverTime({ ...simulation, trace }, parts)
      return ask((threads ??= new Threads(trace, 1, jobs)), trace, simulation, { kind: 'coldOverTime', parts })
    },
    close: async () => threads?.close(),
  }
}

/** How many whole simulations are as much work. */
function wholesOf(simulations: readonly PooledSimulation[]): number {
  return simulations.reduce((sum, { part }) => sum + 1 / (part?.parts ?? 1), 0)
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

/** The files of a user's own that a simulation calls; a plan is none that is run. */
function ownFiles({ policyFile, model }: PooledSimulation): Partial<Record<OwnPart, string>> {
  const isCode = policyFile !== undefined && !isPlanFile(policyFile.file)
  return { ...(isCode ? { policy: policyFile.file } : {}), ...ruleFiles(model) }
}

function callsOwnCode(simulation: PooledSimulation): boolean {
  return Object.keys(ownFiles(simulation)).length > 0
}

function sent({
  model,
  policy,
  policyFile,
  params,
  files = {},
  seed,
  accountFromMs = 0,
  marksMs = [],
}: PooledSimulation): SentSimulation {
  return {
    model: sentModel(model),
    source: policyFile ?? { id: policy.id },
    params,
    files,
    seed,
    accountFromMs,
    marksMs,
  }
}

/** Asks a worker, under watch, for something of a simulation that calls code of a user's own. */
async function ask<W extends WantedFindings>(
  threads: Threads,
  trace: Trace,
  simulation: PooledSimulation,
  wanted: W,
): Promise<Findings[W['kind']]> {
  const watch = openWatch()
  const task: AskTask = { kind: 'ask', of: sent(simulation), wanted, watch }
  const { longestCallMs: longestMs, onProgress } = simulation
  const names = unitsOf(trace, simulation.model).apps.name
  const watched = { watch, files: ownFiles(simulation), names, longestMs }
  const answer = await underWatch((signal) => threads.run<WorkerAnswer>(task, signal), {
    ...watched,
    ...(onProgress === undefined ? {} : { onDone: onProgress }),
  })
  if ('complaint' in answer) throw new UserError(answer.complaint)
  if ('bug' in answer) throw answer.bug
  return answer.found as Findings[W['kind']]
}

/** A stretch of a pass that is to be worked on. */
interface Task {
  readonly pass: OpenPass
  readonly stretch: WeighedStretch
  readonly index: number
}

/** Many simulations at work. */
class PoolJob {
  private readonly trace: Trace
  private readonly simulations: readonly PooledSimulation[]
  private readonly listener: Listener
  private readonly workers: number
  private readonly threads: Threads | undefined
  /** Work in arrivals: all of it, what is done, and what is being done. */
  private total = 0
  private done = 0
  private readonly present = new Map<Task, Watch>()
  private readonly memory = new LedgerMemory()
  private told = 0

  constructor(
    trace: Trace,
    simulations: readonly PooledSimulation[],
    listener: Listener,
    workers: number,
    threads: Threads | undefined,
  ) {
    this.trace = trace
    this.simulations = simulations
    this.listener = listener
    this.workers = workers
    this.threads = threads
  }

  /** Works until all simulations are over. Throws what the listener throws; then no more work is begun. */
  async run(): Promise<void> {
    const candidates = this.simulations.map((each): PassCandidate => ({ ...each, isAlone: callsOwnCode(each) }))
    const passes = passesOf(this.trace, candidates, this.workers).map(
      (pass) => new OpenPass(pass, this.trace, this.simulations, this.memory),
    )
    const tasks = passes.flatMap((pass) => pass.stretches.map((stretch, index) => ({ pass, stretch, index })))
    this.total = tasks.reduce((sum, task) => sum + costOf(task), 0)
    const remaining = tasks.values()
    let isStopped = false
    const lane = async (): Promise<void> => {
      for (const task of remaining) {
        if (isStopped) return
        try {
          await this.work(task)
        } catch (error) {
          isStopped = true
          throw error
        }
      }
    }
    const ticker = setInterval(() => this.tell(), TELL_MS)
    try {
      // All lanes are waited for, also after one failed: no worker is still busy when the pool is closed.
      const ends = await Promise.allSettled(Array.from({ length: this.workers }, lane))
      const failure = ends.find(({ status }) => status === 'rejected')
      if (failure?.status === 'rejected') throw failure.reason
    } finally {
      clearInterval(ticker)
    }
    this.listener.progresses?.(1)
  }

  private async work(task: Task): Promise<void> {
    const { pass, stretch, index } = task
    if (pass.begin()) for (const place of pass.places) this.listener.begins?.(place)
    const began = performance.now()
    const parts = this.workers === 1 && !pass.isWatched ? this.here(task) : await this.elsewhere(task)
    pass.take(index, parts, performance.now() - began)
    this.done += stretch.cost * pass.places.length
    this.tell()
    if (!pass.isOver) return
    const outcomes = pass.close()
    for (const [row, place] of pass.places.entries()) this.listener.ends(place, outcomes[row]!)
    pass.release(this.listener.copies === true)
  }

  /** Works in this thread. */
  private here({ pass, stretch }: Task): readonly PartDone[] {
    const participants = pass.places.map((place, row) => ({
      simulation: { ...this.simulations[place]!, trace: pass.units },
      ledger: pass.emptyPart(row),
    }))
    const failures = simulateTogether(participants, stretch, (share) =>
      this.tell(share * stretch.cost * pass.places.length),
    )
    return participants.map(({ ledger: { timeline, latency } }, row) => {
      if (failures[row] !== undefined) return { bug: failures[row] }
      return { area: timeline.area, slope: timeline.slope, latency }
    })
  }

  /** Works in a worker. */
  private async elsewhere(task: Task): Promise<readonly PartDone[]> {
    const { pass, stretch } = task
    const watch = openWatch()
    const order: PassTask = { kind: 'pass', runs: pass.runs, stretch: { from: stretch.from, to: stretch.to }, watch }
    this.present.set(task, watch)
    try {
      const simulation = this.simulations[pass.places[0]!]!
      if (!pass.isWatched) return await this.threads!.run<readonly PartDone[]>(order)
      const files = ownFiles(simulation)
      const watched = { watch, files, names: pass.units.apps.name, longestMs: simulation.longestCallMs }
      return await underWatch((signal) => this.threads!.run<readonly PartDone[]>(order, signal), watched)
    } catch (error) {
      const bug = error instanceof UserError ? error : endedWorker('it ended before its work was done', error)
      return pass.places.map(() => ({ bug }))
    } finally {
      this.present.delete(task)
    }
  }

  /** Tells the share that is done; `more` is work that is done besides. Never less than before. */
  private tell(more = 0): void {
    let done = this.done + more
    for (const [task, watch] of this.present) done += costOf(task) * doneOf(watch)
    const share = this.total === 0 ? 1 : Math.min(1, done / this.total)
    if (share <= this.told) return
    this.told = share
    this.listener.progresses?.(share)
  }
}

function costOf({ pass, stretch }: Pick<Task, 'pass' | 'stretch'>): number {
  return stretch.cost * pass.places.length
}

/** A pass that is being worked on, stretch by stretch, by any workers in any order. */
class OpenPass {
  readonly places: readonly number[]
  readonly stretches: readonly WeighedStretch[]
  private readonly apps: Stretch
  /** The trace in the units of its simulations. */
  readonly units: Trace
  readonly isWatched: boolean
  private readonly simulations: readonly PooledSimulation[]
  private readonly memory: LedgerMemory
  private ledgers: readonly Ledger[] = []
  private tables: (LatencyTable | null)[][] = []
  /** Per simulation, what went wrong in each stretch. */
  private readonly failures: Map<number, unknown>[]
  private remaining: number
  private workedMs = 0

  constructor(
    { places, apps, stretches }: Pass,
    trace: Trace,
    simulations: readonly PooledSimulation[],
    memory: LedgerMemory,
  ) {
    this.memory = memory
    this.places = places
    this.apps = apps
    this.stretches = stretches
    this.simulations = places.map((place) => simulations[place]!)
    this.units = unitsOf(trace, this.simulations[0]!.model)
    this.isWatched = this.simulations.some(callsOwnCode)
    this.failures = places.map(() => new Map())
    this.remaining = stretches.length
  }

  /** Makes its ledgers, unless it has; says whether it did. */
  begin(): boolean {
    if (this.ledgers.length > 0) return false
    const { apps, horizonMs } = this.units
    this.ledgers = this.simulations.map(({ accountFromMs, marksMs = [] }) => {
      const memory = this.memory.take(ledgerBytes(apps.count, horizonMs, marksMs.length))
      return createLedger(apps.count, horizonMs, memory, accountFromMs, marksMs)
    })
    this.tables = this.simulations.map(() => [])
    return true
  }

  /** What a worker need know of its simulations. */
  get runs(): PassTask['runs'] {
    return this.simulations.map((simulation, row) => ({
      ...sent(simulation),
      buffer: this.ledgers[row]!.buffer as SharedArrayBuffer,
    }))
  }

  /** A simulation's ledger, with what workers must not write together of its own. */
  emptyPart(row: number): Ledger {
    const { timeline } = createLedger(0, this.units.horizonMs)
    return { ...this.ledgers[row]!, timeline }
  }

  /** Takes what became of a stretch. */
  take(stretch: number, parts: readonly PartDone[], ms: number): void {
    this.remaining -= 1
    this.workedMs += ms
    for (const [row, part] of parts.entries()) {
      if ('complaint' in part) this.failures[row]!.set(stretch, new UserError(part.complaint))
      else if ('bug' in part) this.failures[row]!.set(stretch, part.bug)
      else {
        const { timeline } = this.ledgers[row]!
        addTo(timeline.area, part.area)
        addTo(timeline.slope, part.slope)
        this.tables[row]![stretch] = part.latency
      }
    }
  }

  get isOver(): boolean {
    return this.remaining === 0
  }

  /** What became of each simulation, once all is over. */
  close(): readonly Outcome[] {
    return this.places.map((_, row) => this.outcome(row))
  }

  /** Keeps no more of them; lets their memory serve others, but that of one that failed: who wrote it may have been stopped while it did. */
  release(isUnused: boolean): void {
    for (const [row, { buffer }] of this.ledgers.entries()) {
      if (isUnused && this.failures[row]!.size === 0) this.memory.give(buffer as SharedArrayBuffer)
    }
    this.ledgers = []
    this.tables = []
  }

  /** Of several failures, that of the first apps. */
  private outcome(row: number): Outcome {
    const order = this.stretches
      .map((_, index) => index)
      .toSorted((a, b) => this.stretches[a]!.from - this.stretches[b]!.from)
    const failures = this.failures[row]!
    const failed = order.find((index) => failures.has(index))
    if (failed !== undefined) return { failure: failures.get(failed) }
    const ledger = this.ledgers[row]!
    const tables = order.map((index) => this.tables[row]![index] ?? null)
    if (tables.every((table) => table !== null)) ledger.latency = joinedTables(tables)
    const { from, to } = this.apps
    const isWhole = to - from === ledger.apps
    return {
      ledger: isWhole ? ledger : cutLedger(ledger, this.units.horizonMs, from, to),
      apps: this.apps,
      wallMs: this.workedMs / this.places.length,
    }
  }
}
