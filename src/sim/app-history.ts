import { UserError } from '../core/user-error.ts'
import { createLedger, type Ledger, REASONS, type Reason } from '../engine/ledger.ts'
import type { ParameterTable } from '../policy/parameters.ts'
import type { Policy, PolicyDefinition } from '../policy/policy.ts'
import { wrapPolicy } from '../policy/wrap-policy.ts'
import type { Stretch } from './replays/replay.ts'
import { runsWhole, type Simulation, simulatePart, unitsOf } from './simulation.ts'

/** An arrival at an app, and what became of it. */
interface HistoricArrival {
  /** ms since the trace began. */
  readonly at: number
  /** The idle time that it ended, in ms; -1 where it ended none. */
  readonly idleMs: number
  /** Invocations that it stands for, and how many of them were cold, waited for a load that others began, or were dropped. */
  readonly invocations: number
  readonly cold: number
  readonly joined: number
  readonly drops: number
  /** Why it was cold; null where it was not. */
  readonly reason: Reason | null
}

/** An answer of the policy: its windows, counted from the idle moment at which it was asked. */
interface HistoricAnswer {
  /** ms since the trace began. */
  readonly at: number
  readonly prewarmMs: number
  readonly keepAliveMs: number
}

/** Everything that happened to one app in one run. */
export interface AppHistory {
  readonly arrivals: readonly HistoricArrival[]
  readonly answers: readonly HistoricAnswer[]
}

/** An app with more arrivals than this is not told one by one. */
export const MOST_ARRIVALS = 2_000_000

/**
 * Replays a run for the sake of some apps, and writes down each of their arrivals and each answer of the policy; the
 * histories are in the order of the apps. What became of an arrival is read from how the accounts changed until the next one, so it needs nothing of the engine. In a cluster with
 * a waiting line, an arrival that waited counts where it was served. It is told from the beginning of the trace, also where
 * the accounts of the run begin later: at that border they would begin anew.
 *
 * Throws a UserError for more than {@link MOST_ARRIVALS} arrivals.
 */
export function historiesOf<T extends ParameterTable>(
  simulation: Simulation<T>,
  apps: readonly number[],
): readonly AppHistory[] {
  const trace = unitsOf(simulation.trace, simulation.model)
  const ledger = createLedger(trace.apps.count, trace.horizonMs)
  const notes = new Map(apps.map((app) => [app, new Notes(ledger, app, trace.apps.name.at(app))]))
  const policy: PolicyDefinition<T> = {
    ...simulation.policy,
    create: (params, context) => listening(simulation.policy.create(params, context), notes),
  }
  const isWhole = runsWhole(policy, simulation.model)
  const stretches = isWhole ? [{ from: 0, to: trace.apps.count }] : [...notes.keys()].map(alone)
  // These go event by event and keep the accounts up to date at each.
  const replay = isWhole ? 'by-time' : 'by-app'
  for (const stretch of stretches) {
    simulatePart({ ...simulation, trace, policy, replay, accountFromMs: 0 }, { ledger, ...stretch })
  }
  return apps.map((app) => notes.get(app)!.history())
}

function alone(app: number): Stretch {
  return { from: app, to: app + 1 }
}

/** The same policy, each of whose arrivals and answers for the apps of some notes is written down. */
function listening(policy: Policy, notes: ReadonlyMap<number, Notes>): Policy {
  return wrapPolicy(policy, (method, call) => {
    if (method === 'arrived') {
      return (app, now, idleMs, fn) => {
        notes.get(app as number)?.begin(now as number, idleMs as number)
        return call(app, now, idleMs, fn)
      }
    }
    if (method !== 'decide') return call
    return (app, now, out, rest) => {
      const returned = call(app, now, out, rest)
      notes.get(app as number)?.answers.push({ at: now as number, ...(out as Omit<HistoricAnswer, 'at'>) })
      return returned
    }
  })
}

/** Accounts that tell what became of an arrival, the reasons last. */
const TOLD = ['invocations', 'coldStarts', 'joined', 'drops', ...REASONS] as const
const FIRST_REASON = TOLD.length - REASONS.length

/** Hot: as many arrivals as an app has. */
class Notes {
  readonly answers: HistoricAnswer[] = []
  private readonly arrivals: HistoricArrival[] = []
  private readonly app: number
  private readonly name: string
  private readonly accounts: readonly Float64Array[]
  /** The accounts as they were at the arrival that is open, and what they have gained since. */
  private readonly before: Float64Array
  private readonly gained = new Float64Array(TOLD.length)
  private isOpen = false
  private at = 0.5
  private idleMs = 0.5

  constructor(ledger: Ledger, app: number, name: string) {
    this.app = app
    this.name = name
    this.accounts = TOLD.map((account) => ledger[account])
    this.before = Float64Array.from(this.accounts, (account) => account[app]!)
  }

  /** Everything that was written down, once the run is over. */
  history(): AppHistory {
    this.settle()
    return { arrivals: this.arrivals, answers: this.answers }
  }

  begin(at: number, idleMs: number): void {
    this.settle()
    this.isOpen = true
    this.at = at
    this.idleMs = idleMs
    if (this.arrivals.length < MOST_ARRIVALS) return
    throw new UserError({
      where: `app ${this.name}`,
      problem: `it has more than ${MOST_ARRIVALS} arrivals, which are too many to tell one by one`,
      hint: 'Explain an app that is invoked less, or run the experiment with spread: minute.',
    })
  }

  /** What the accounts gained since the arrival that is open is what became of it. */
  private settle(): void {
    const { accounts, app, before, gained } = this
    for (let index = 0; index < accounts.length; index += 1) {
      const now = accounts[index]![app]!
      gained[index] = now - before[index]!
      before[index] = now
    }
    if (!this.isOpen) return
    this.isOpen = false
    this.arrivals.push({
      at: this.at,
      idleMs: this.idleMs,
      invocations: gained[0]!,
      cold: gained[1]!,
      joined: gained[2]!,
      drops: gained[3]!,
      reason: REASONS.find((_, index) => gained[FIRST_REASON + index]! > 0) ?? null,
    })
  }
}
