import { keyOf } from '../../core/random.ts'
import { NOWHERE, type PlacementDefinition, roomOn } from '../cluster/placement.ts'

/**
 * Every app has a home node, and a step by which it goes on from there where running work leaves no room. Idle instances
 * do not make a node full: they are evicted at home rather than kept there while the app goes elsewhere.
 */
export const hash: PlacementDefinition = {
  id: 'hash',
  summary: 'The app’s home node, or the next one by the app’s own step where running work leaves no room.',
  source: 'Apache OpenWhisk, ShardingContainerPoolBalancer',
  create({ nodes, names }) {
    const steps = stepSizes(nodes.count)
    const hashes: (readonly [number, number])[] = []
    return {
      choose(app, units, evicts) {
        const [home, way] = (hashes[app] ??= keyOf(names.at(app)))
        const step = steps[way % steps.length]!
        let node = home % nodes.count
        for (let tried = 0; tried < nodes.count; tried += 1) {
          if (roomOn(nodes, node, evicts) >= units) return node
          node = (node + step) % nodes.count
        }
        return NOWHERE
      },
    }
  },
}

/** Steps that lead through all nodes: those without a divisor in common with their number. */
function stepSizes(nodes: number): number[] {
  const all = Array.from({ length: nodes }, (_, index) => index + 1)
  return all.filter((step) => greatestDivisor(step, nodes) === 1)
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b)
}
