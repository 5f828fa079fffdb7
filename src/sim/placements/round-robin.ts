import { freeFirst, NOWHERE, type PlacementDefinition, roomOn } from '../cluster/placement.ts'

/** Node after node in turn, leaving out those without room. */
export const roundRobin: PlacementDefinition = {
  id: 'round-robin',
  summary: 'The next node in turn with free memory, else the next where evictions make room.',
  create({ nodes }) {
    let next = 0
    return freeFirst((_app, units, evicting) => {
      for (let step = 0; step < nodes.count; step += 1) {
        const node = (next + step) % nodes.count
        if (roomOn(nodes, node, evicting) < units) continue
        next = (node + 1) % nodes.count
        return node
      }
      return NOWHERE
    })
  },
}
