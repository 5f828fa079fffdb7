import type { PartOf } from '../engine/ledger-parts.ts'
import type { PlannedRun } from './run-plan.ts'
import type { Shard } from './shard.ts'

/** What of an experiment one shard makes: a run, or one part of it. */
export interface Share {
  /** Of the run, in the experiment. */
  readonly position: number
  /** Absent for a whole run. */
  readonly part?: PartOf
  /** The shard that makes it, from 1 on. */
  readonly shard: number
}

/** What of a run its share depends on. */
type Shared = Pick<PlannedRun, 'digest' | 'byApp'>

/** Shards are worth more parts of runs as long as the busiest has less than so much of its work. */
const EVEN_ENOUGH = 0.9

/**
 * Who makes what, of runs over a trace of so many apps. Where there are runs enough for all shards to have about the same
 * number, every shard makes whole runs. Else each run whose apps do not meet is cut into as few parts as make it so, each
 * of about equal work. A run of a cluster, or of a policy that learns across apps, stays whole. What is listed twice is made once.
 */
export function sharesOf(runs: readonly Shared[], apps: number, count: number): readonly Share[] {
  const firsts = [...Map.groupBy(runs.keys(), (position) => runs[position]!.digest).values()].map(([first]) => first!)
  const whole = firsts.filter((position) => !runs[position]!.byApp)
  const divisible = firsts.filter((position) => runs[position]!.byApp)
  const parts = partsOfEach(divisible.length, apps, count)
  // Whole runs go round; the shards that have one less of them get so many parts first.
  const ahead = whole.length % count
  const behind = ahead === 0 ? 0 : parts * (count - ahead)
  const shardOfPart = (turn: number): number =>
    turn < behind ? ahead + (turn % (count - ahead)) : (turn - behind) % count
  return [
    ...whole.map((position, turn) => ({ position, shard: (turn % count) + 1 })),
    ...divisible.flatMap((position, turn) =>
      Array.from({ length: parts }, (_, part) => ({
        position,
        ...(parts === 1 ? {} : { part: { part: part + 1, parts } }),
        shard: shardOfPart(turn * parts + part) + 1,
      })),
    ),
  ].toSorted((one, other) => one.position - other.position)
}

/** The runs, and the parts of runs, that a shard makes. */
export function shardOf(runs: readonly PlannedRun[], apps: number, { index, count }: Shard): readonly PlannedRun[] {
  if (count === 1) return runs
  const own = sharesOf(runs, apps, count).filter(({ shard }) => shard === index)
  return own.map(({ position, part }) => ({ ...runs[position]!, ...(part === undefined ? {} : { part }) }))
}

/** `fixed(10m), part 2 of 4`. */
export function shareLabel({ label, part }: Pick<PlannedRun, 'label' | 'part'>): string {
  return part === undefined ? label : `${label}, part ${part.part} of ${part.parts}`
}

/** The fewest parts of each of so many runs with which the shards have about as much to do, or else the most even number. */
function partsOfEach(runs: number, apps: number, count: number): number {
  let best = { parts: 1, evenness: 0 }
  if (runs === 0) return best.parts
  for (let parts = 1; parts <= Math.min(count, apps); parts += 1) {
    const evenness = (runs * parts) / (count * Math.ceil((runs * parts) / count))
    if (evenness > best.evenness) best = { parts, evenness }
    if (evenness >= EVEN_ENOUGH) break
  }
  return best.parts
}
