import type { MemoryPool } from '../../policy/policy.ts'
import { poolOf } from './node-table.ts'
import { NOWHERE, type Placement, type PlacementDefinition, type PlacementFacts } from './placement.ts'

/**
 * A placement within memory pools: each pool is a cluster of its own to the rule, whose nodes are the parts that the pool
 * has of the real ones. With one pool it is the rule itself.
 */
export function pooledPlacement(
  rule: PlacementDefinition,
  facts: PlacementFacts,
  memoryMb: Float64Array,
  pools: readonly MemoryPool[],
): Placement {
  if (pools.length === 1) return rule.create(facts)
  const { memory, free, idle } = facts.nodes
  const count = facts.nodes.count / pools.length
  const placements = pools.map((_, pool) => {
    // Windows onto the same memory: what is loaded shows in both.
    const part = (column: Float64Array): Float64Array => column.subarray(pool * count, (pool + 1) * count)
    return rule.create({ ...facts, nodes: { count, memory: part(memory), free: part(free), idle: part(idle) } })
  })
  const pool = Uint8Array.from(memoryMb, (mb) => poolOf(pools, mb))
  return {
    choose(app, units, evicts) {
      const own = pool[app]!
      const node = placements[own]!.choose(app, units, evicts)
      return node === NOWHERE ? NOWHERE : own * count + node
    },
  }
}
