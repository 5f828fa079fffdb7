import { UserError } from '../../core/user-error.ts'
import { formatMemory } from '../../core/units.ts'
import type { Trace } from '../../trace/trace.ts'
import type { NodeGroup } from '../model.ts'
import type { NodeTable } from './placement.ts'
import { instanceUnits, nodeUnits } from './units.ts'

/** More nodes than anybody runs functions on; every load looks at all of them. */
export const MOST_NODES = 100_000

/** Empty nodes, group after group. Throws a UserError where there are none, or too many. */
export function emptyNodes(groups: readonly NodeGroup[]): NodeTable {
  const memory = Float64Array.from(
    groups.flatMap(({ count, memoryMb }) => {
      if (!(count <= MOST_NODES)) throw new UserError({ where: 'model.nodes', problem: tooMany(count) })
      return Array.from({ length: count }, () => nodeUnits(memoryMb))
    }),
  )
  if (memory.length === 0) {
    const hint = 'Write, for example, nodes: { count: 4, memory: 16GB }.'
    throw new UserError({ where: 'model.nodes', problem: 'a cluster needs at least one node, found none', hint })
  }
  if (memory.length > MOST_NODES) throw new UserError({ where: 'model.nodes', problem: tooMany(memory.length) })
  return { count: memory.length, memory, free: memory.slice(), idle: new Float64Array(memory.length) }
}

/** Throws a UserError where an app is larger than every node: it could never be loaded. */
export function demandRoomForAll({ apps }: Trace, memoryMb: Float64Array, { memory }: NodeTable): void {
  const largest = memory.reduce((most, units) => Math.max(most, units), 0)
  const most = memoryMb.reduce((most, mb) => Math.max(most, mb), 0)
  if (instanceUnits(most) <= largest) return
  const app = apps.name.at(memoryMb.indexOf(most))
  const size = Math.ceil(most * 10) / 10
  throw new UserError({
    where: 'model.nodes',
    problem: `the app ${app} needs ${size}MB, and the largest node has ${formatMemory(largest / 64)}`,
    hint: `Every app must fit one node: give nodes at least ${Math.ceil(most)}MB.`,
  })
}

function tooMany(count: number): string {
  return `expected at most ${MOST_NODES} nodes, found ${count}`
}
