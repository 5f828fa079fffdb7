import { freeFirst, NOWHERE, type PlacementDefinition, roomOn } from '../cluster/placement.ts'

/** Spreads memory over the nodes; of equal ones the first. */
export const leastLoaded: PlacementDefinition = {
  id: 'least-loaded',
  summary: 'The node with the most free memory, else the one with the most that is free or idle.',
  create: ({ nodes }) =>
    freeFirst((_app, units, evicting) => {
      let best = NOWHERE
      let most = units
      for (let node = 0; node < nodes.count; node += 1) {
        const room = roomOn(nodes, node, evicting)
        if (room < most || (best !== NOWHERE && room === most)) continue
        best = node
        most = room
      }
      return best
    }),
}
