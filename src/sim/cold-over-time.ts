import { createLedger, type Ledger } from '../engine/ledger.ts'
import type { ParameterTable } from '../policy/parameters.ts'
import type { PolicyDefinition } from '../policy/policy.ts'
import { wrapPolicy } from '../policy/wrap-policy.ts'
import { runsWhole, type Simulation, simulatePart, unitsOf } from './simulation.ts'

/** Equal parts of a stretch of time, the last of which may be cut off by its end. */
export interface EqualParts {
  /** ms since the trace began. */
  readonly fromMs: number
  readonly partMs: number
  readonly parts: number
}

/**
 * Replays a run for the sake of when its cold starts are, and gives how many there are in each part. An arrival that waited
 * for room counts where it came. What became of an arrival is read from how the accounts changed until the next one of its
 * app, so it needs nothing of the engine.
 */
export function coldOverTime<T extends ParameterTable>(simulation: Simulation<T>, parts: EqualParts): number[] {
  const trace = unitsOf(simulation.trace, simulation.model)
  const apps = trace.apps.count
  const ledger = createLedger(apps, trace.horizonMs)
  const counts = new ColdCounts(ledger, parts)
  const policy: PolicyDefinition<T> = {
    ...simulation.policy,
    create: (params, context) =>
      wrapPolicy(simulation.policy.create(params, context), (method, call) =>
        method === 'arrived'
          ? (app, now, idleMs, fn) => {
              counts.arrive(app as number, now as number)
              return call(app, now, idleMs, fn)
            }
          : call,
      ),
  }
  // These go event by event and keep the accounts up to date at each.
  const replay = runsWhole(policy, simulation.model) ? 'by-time' : 'by-app'
  simulatePart({ ...simulation, trace, policy, replay, accountFromMs: 0 }, { ledger, from: 0, to: apps })
  return counts.close()
}

class ColdCounts {
  private readonly ledger: Ledger
  private readonly parts: EqualParts
  private readonly counts: number[]
  /** By app: when its latest arrival was, -1 before the first, and how many cold starts it had before that. */
  private readonly lastMs: Float64Array
  private readonly before: Float64Array

  constructor(ledger: Ledger, parts: EqualParts) {
    this.ledger = ledger
    this.parts = parts
    this.counts = Array.from({ length: parts.parts }, () => 0)
    this.lastMs = new Float64Array(ledger.apps).fill(-1)
    this.before = new Float64Array(ledger.apps)
  }

  arrive(app: number, now: number): void {
    this.settle(app)
    this.lastMs[app] = now
  }

  close(): number[] {
    for (let app = 0; app < this.ledger.apps; app += 1) this.settle(app)
    return this.counts
  }

  private settle(app: number): void {
    const cold = this.ledger.coldStarts[app]!
    const gained = cold - this.before[app]!
    this.before[app] = cold
    if (gained === 0) return
    const { fromMs, partMs, parts } = this.parts
    const after = this.lastMs[app]! - fromMs
    // What comes at the very end belongs to the last part.
    const part = after === parts * partMs ? parts - 1 : Math.floor(after / partMs)
    if (part >= 0 && part < parts) this.counts[part]! += gained
  }
}
