import { goesByApp } from '../replays/replay.ts'
import type { Stretch } from '../replays/replay.ts'
import type { PartOf } from '../../engine/ledger-parts.ts'
import { passOf, type Simulation, unitsOf } from '../simulation.ts'
import type { Trace } from '../../trace/trace.ts'

/** Simulations that one pass over the arrivals feeds: their places in a list, and the stretches of apps that it is cut into. */
export interface Pass {
  readonly places: readonly number[]
  /** The apps that it is over: all, or those of a part. */
  readonly apps: Stretch
  readonly stretches: readonly WeighedStretch[]
}

/** A stretch of apps, and about how much work it is, in arrivals. */
export interface WeighedStretch extends Stretch {
  readonly cost: number
}

/**
 * So many simulations share a pass at most: beyond it little is left of the time that arrivals take, and those of one
 * pass are all finished at its end.
 */
const MOST_IN_A_PASS = 8
/** Stretches per worker in all: enough that one busy app does not leave the others waiting. */
const STRETCHES_PER_WORKER = 16

/** A simulation that is to be put into a pass. */
export interface PassCandidate extends Pick<Simulation, 'model' | 'policy' | 'seed'> {
  /** It shares a pass with nobody. */
  readonly isAlone: boolean
  /** The part of the apps that it is over; absent for all. */
  readonly part?: PartOf
}

/**
 * Puts simulations over a trace into passes for so many workers. What must be run whole, in time order, is a pass of its
 * own of one stretch. The order is that in which they are best begun: the first simulation's pass, so that what is interrupted
 * has it; then those of one stretch, of which a late one would leave workers idle; then the others.
 */
export function passesOf(trace: Trace, candidates: readonly PassCandidate[], workers: number): readonly Pass[] {
  const whole: number[][] = []
  const shared = new Map<string, number[]>()
  for (const [place, candidate] of candidates.entries()) {
    const isWhole = !goesByApp({ definition: candidate.policy, model: candidate.model })
    const { part } = candidate
    if (isWhole && part !== undefined) throw new Error('a run whose apps meet was asked for in parts')
    const apps = part === undefined ? '' : ` ${part.part}/${part.parts}`
    const key = candidate.isAlone ? `alone ${place}` : `${passOf(candidate, trace)}${apps}`
    if (isWhole) whole.push([place])
    else shared.set(key, [...(shared.get(key) ?? []), place])
  }
  const groups = [...shared.values()].flatMap((places) => evenly(places))
  const cuts = workers === 1 ? 1 : Math.max(1, Math.ceil((workers * STRETCHES_PER_WORKER) / Math.max(1, groups.length)))
  const costs = new Map<string, Float64Array>()
  const costsOf = (units: Trace, { unit, spread }: PassCandidate['model']): Float64Array => {
    const key = `${unit} ${spread === 'minute'}`
    const made = costs.get(key) ?? costsBefore(units, spread === 'minute')
    costs.set(key, made)
    return made
  }
  const passes = [...whole.map((places) => ({ places, cuts: 1 })), ...groups.map((places) => ({ places, cuts }))].map(
    ({ places, cuts: parts }) => {
      const { model, part } = candidates[places[0]!]!
      const units = unitsOf(trace, model)
      const costs = costsOf(units, model)
      const apps = part === undefined ? { from: 0, to: units.apps.count } : appsOfPart(costs, part)
      return { places, apps, stretches: stretchesOf(apps, costs, parts) }
    },
  )
  const isFirst = ({ places }: Pass): boolean => places.includes(0)
  return [...passes.filter(isFirst), ...passes.filter((pass) => !isFirst(pass))]
}

/** A list in parts of at most {@link MOST_IN_A_PASS}, about equally long. */
function evenly(places: readonly number[]): number[][] {
  const parts = Math.ceil(places.length / MOST_IN_A_PASS)
  const length = Math.ceil(places.length / parts)
  return Array.from({ length: parts }, (_, part) => places.slice(part * length, (part + 1) * length))
}

/**
 * The apps of a part of a run. It depends on nothing but the trace and the arrivals: the parts that different machines
 * make are all apps, each once. Of few apps, or of apps of very unlike work, some parts may be empty.
 */
function appsOfPart(costs: Float64Array, { part, parts }: PartOf): Stretch {
  const end = (before: number): number => {
    if (before === parts) return costs.length - 1
    return costs.findIndex((cost) => cost >= (before / parts) * costs.at(-1)!)
  }
  return { from: end(part - 1), to: end(part) }
}

/** Apps in so many stretches of about equal work, the largest first. An app is not cut. Of no apps: one that is empty. */
function stretchesOf(apps: Stretch, costs: Float64Array, parts: number): readonly WeighedStretch[] {
  if (apps.from === apps.to) return [{ ...apps, cost: 0 }]
  const before = costs[apps.from]!
  const total = costs[apps.to]! - before
  const stretches: WeighedStretch[] = []
  let { from } = apps
  for (let part = 1; part <= parts && from < apps.to; part += 1) {
    let to = part === parts ? apps.to : from + 1
    while (to < apps.to && costs[to]! - before < (part * total) / parts) to += 1
    stretches.push({ from, to, cost: costs[to]! - costs[from]! })
    from = to
  }
  return stretches.toSorted((one, other) => other.cost - one.cost)
}

/** An app costs as much as so many arrivals, whether it has any or not. */
const APP_COST = 20

/** About how much work the apps before each are, in arrivals; `count + 1` entries. */
function costsBefore({ apps, arrivals }: Trace, areMinutesOne: boolean): Float64Array {
  const costs = new Float64Array(apps.count + 1)
  for (let app = 0; app < apps.count; app += 1) {
    let cost = APP_COST
    if (arrivals.kind === 'events') cost += arrivals.firstEvent[app + 1]! - arrivals.firstEvent[app]!
    else {
      const from = apps.firstFunction[app]!
      const to = apps.firstFunction[app + 1]!
      cost += arrivals.firstCell[to]! - arrivals.firstCell[from]!
      if (!areMinutesOne) for (let fn = from; fn < to; fn += 1) cost += arrivals.invocations[fn]!
    }
    costs[app + 1] = costs[app]! + cost
  }
  return costs
}
