import { freeFirst, NOWHERE, type PlacementDefinition, roomOn } from '../cluster/placement.ts'

/** Packs the first nodes, and leaves the last ones empty. */
export const firstFit: PlacementDefinition = {
  id: 'first-fit',
  summary: 'The first node with free memory, else the first where evictions make room.',
  create: ({ nodes }) =>
    freeFirst((_app, units, evicting) => {
      for (let node = 0; node < nodes.count; node += 1) if (roomOn(nodes, node, evicting) >= units) return node
      return NOWHERE
    }),
}
