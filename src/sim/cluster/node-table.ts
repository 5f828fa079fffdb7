import { UserError } from '../../core/user-error.ts'
import { formatMemory } from '../../core/units.ts'
import type { Trace } from '../../trace/trace.ts'
import type { MemoryPool } from '../../policy/policy.ts'
import type { NodeGroup } from '../model.ts'
import type { NodeTable } from './placement.ts'
import { instanceUnits, nodeUnits } from './memory-units.ts'

/** More nodes than anybody runs functions on; every load looks at all of them. */
export const MOST_NODES = 100_000

/** All memory is for all apps. */
export const ONE_POOL: readonly MemoryPool[] = [{ upToMb: Number.POSITIVE_INFINITY, share: 1 }]

/**
 * Empty nodes, group after group; of several pools, all nodes' parts of the first pool, then of the next. Throws a UserError where there are none, or too many.
 */
export function emptyNodes(groups: readonly NodeGroup[], pools: readonly MemoryPool[] = ONE_POOL): NodeTable {
  const whole = Float64Array.from(
    groups.flatMap(({ count, memoryMb }) => {
      if (!(count <= MOST_NODES)) throw new UserError({ where: 'model.nodes', problem: tooMany(count) })
      return Array.from({ length: count }, () => nodeUnits(memoryMb))
    }),
  )
  if (whole.length === 0) {
    const hint = 'Write, for example, nodes: { count: 4, memory: 16GB }.'
    throw new UserError({ where: 'model.nodes', problem: 'a cluster needs at least one node, found none', hint })
  }
  if (whole.length > MOST_NODES) throw new UserError({ where: 'model.nodes', problem: tooMany(whole.length) })
  const memory = Float64Array.from(
    pools.flatMap(({ share }) => [...whole].map((units) => Math.floor(units * share + 1e-6))),
  )
  return { count: memory.length, memory, free: memory.slice(), idle: new Float64Array(memory.length) }
}

/** The pool in which an app of so many MB is loaded. */
export function poolOf(pools: readonly MemoryPool[], memoryMb: number): number {
  const first = pools.findIndex(({ upToMb }) => memoryMb <= upToMb)
  return first < 0 ? pools.length - 1 : first
}

/** Throws a UserError where an app is larger than every node, or its part for such apps: it could never be loaded. */
export function demandRoomForAll(
  trace: Trace,
  memoryMb: Float64Array,
  { count, memory }: Pick<NodeTable, 'count' | 'memory'>,
  pools: readonly MemoryPool[] = ONE_POOL,
): void {
  const each = count / pools.length
  for (const pool of pools.keys()) {
    const mine = memoryMb.map((mb) => (poolOf(pools, mb) === pool ? mb : 0))
    demandRoom(trace, mine, memory.subarray(pool * each, (pool + 1) * each), pools.length > 1)
  }
}

function demandRoom({ apps }: Trace, memoryMb: Float64Array, memory: Float64Array, isPart: boolean): void {
  const largest = memory.reduce((most, units) => Math.max(most, units), 0)
  const most = memoryMb.reduce((most, mb) => Math.max(most, mb), 0)
  if (instanceUnits(most) <= largest) return
  const app = apps.name.at(memoryMb.indexOf(most))
  const size = Math.ceil(most * 10) / 10
  throw new UserError({
    where: 'model.nodes',
    problem: `the app ${app} needs ${size}MB, and the largest node has ${formatMemory(largest / 64)}${isPart ? ' for apps of its size' : ''}`,
    hint: isPart
      ? 'Every app must fit its part of one node: give nodes more memory, or this part more of it.'
      : `Every app must fit one node: give nodes at least ${Math.ceil(most)}MB.`,
  })
}

function tooMany(count: number): string {
  return `expected at most ${MOST_NODES} nodes, found ${count}`
}
