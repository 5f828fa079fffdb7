import { existsSync } from 'node:fs'
import { counted } from '../core/counted.ts'
import { UserError } from '../core/user-error.ts'
import type { ExperimentRecord } from '../store/experiments.ts'
import { openStore } from '../store/store.ts'
import { type Share, shareLabel, sharesOf } from './shares.ts'

/** What the store of a shard holds. */
interface ShardStore {
  readonly path: string
  /** The experiment that it was made for. */
  readonly record: ExperimentRecord
  /** Whether it has what a share is to make. */
  holds(share: Share): boolean
  /** How many runs, and parts of runs, it has. */
  readonly finished: number
}

/** Reads what the store of a shard holds. Throws a UserError where it is missing, damaged or holds not one experiment. */
export function readShardStore(path: string): ShardStore {
  const store = openStore(path, { create: false })
  try {
    const names = store.experimentNames()
    const record = names.length === 1 ? store.readExperiment(names[0]!) : undefined
    if (record === undefined) {
      const problem = `expected the store of a shard, which holds one experiment, found ${names.length}`
      throw new UserError({ where: path, problem, hint: 'Give the stores that pilotlight run --shard has written.' })
    }
    const digests = new Set(record.runs.map(({ digest }) => digest))
    const whole = new Set([...digests].filter((digest) => store.hasRun(digest)))
    const inPart = new Set(
      [...digests].flatMap((digest) => store.partsOf(digest).map(({ part, parts }) => `${digest} ${part}/${parts}`)),
    )
    const holds = ({ position, part }: Share): boolean => {
      const { digest } = record.runs[position]!
      return whole.has(digest) || (part !== undefined && inPart.has(`${digest} ${part.part}/${part.parts}`))
    }
    return { path, record, holds, finished: whole.size + inPart.size }
  } finally {
    store.close()
  }
}

/**
 * Demands that stores are those of all `count` shards of one experiment, each once and each whole. Throws one UserError
 * that names every shard and store that is missing, there twice, half-written or of another experiment.
 */
export function demandAllShards(paths: readonly string[], count: number): void {
  const problems: string[] = []
  const stores = paths.flatMap((path) => readOrComplain(path, problems))
  const [first] = stores
  const identity = first === undefined ? '' : identityOf(first.record)
  const ours = stores.filter(({ path, record }) => {
    if (identityOf(record) === identity) return true
    problems.push(`${path} is of another experiment, trace or version than ${first!.path}`)
    return false
  })
  if (first !== undefined) problems.push(...gapsOf(ours, first.record, count))
  if (problems.length === 0) return
  const shown = problems.slice(0, MOST_SHOWN)
  if (problems.length > shown.length) shown.push(`and ${problems.length - shown.length} more`)
  throw new UserError({
    where: `of ${counted(count, 'shard')} not all are there`,
    problem: `\n${shown.join('\n')}`,
    hint: 'Run the shards that are missing again; what they have finished is kept. Nothing was merged.',
  })
}

const MOST_SHOWN = 20

function readOrComplain(path: string, problems: string[]): readonly ShardStore[] {
  try {
    return [readShardStore(path)]
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    problems.push(error.message.replace(/\.$/, ''))
    return []
  }
}

/** Equal for stores of one experiment on one trace: the same runs in the same order. */
function identityOf({ name, trace, runs }: ExperimentRecord): string {
  return JSON.stringify([name, trace.digest, runs.map(({ digest }) => digest)])
}

function gapsOf(stores: readonly ShardStore[], { runs, trace }: ExperimentRecord, count: number): string[] {
  const problems: string[] = []
  const missing = new Map<number, string[]>()
  const twice = new Set<string>()
  for (const share of sharesOf(runs, trace.apps, count)) {
    const { shard } = share
    const label = shareLabel({ ...runs[share.position]!, ...share })
    const holders = stores.filter((store) => store.holds(share))
    if (holders.length === 0) missing.set(shard, [...(missing.get(shard) ?? []), label])
    if (holders.length > 1) twice.add(`shard ${shard} is in ${holders.map(({ path }) => path).join(' and in ')}`)
  }
  for (const [shard, labels] of missing) {
    const others = labels.length > 1 ? ` and ${labels.length - 1} more` : ''
    problems.push(`shard ${shard} of ${count} lacks the run ${labels[0]}${others}`)
  }
  return [...problems, ...twice]
}

/**
 * The shards, of `count`, whose runs are not all in the store that `storeOf` names. A store that cannot be read yet, since
 * its shard is just making it, holds none.
 */
export function unfinishedShards(count: number, storeOf: (shard: number) => string): number[] {
  let known: { readonly of: string; readonly shares: Map<number, Share[]> } | undefined
  return Array.from({ length: count }, (_, index) => index + 1).filter((shard) => {
    const path = storeOf(shard)
    if (!existsSync(path)) return true
    const store = readOrComplain(path, [])[0]
    if (store === undefined) return true
    const { record, holds } = store
    const of = identityOf(record)
    if (known?.of !== of) {
      known = { of, shares: Map.groupBy(sharesOf(record.runs, record.trace.apps, count), (share) => share.shard) }
    }
    return (known.shares.get(shard) ?? []).some((share) => !holds(share))
  })
}
