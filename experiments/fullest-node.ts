// A placement of one's own, as docs/cluster.md explains it: a load goes where the least memory is left.
import type { PlacementDefinition } from 'pilotlight/experiment'

export default {
  id: 'fullest-node',
  summary: 'The node with the least free memory that has room, else the one where evictions make room.',
  create({ nodes }) {
    const best = (units: number, room: (node: number) => number): number => {
      let chosen = -1
      for (let node = 0; node < nodes.count; node += 1) {
        if (room(node) >= units && (chosen < 0 || room(node) < room(chosen))) chosen = node
      }
      return chosen
    }
    return {
      choose(_app, units, evicts) {
        const free = best(units, (node) => nodes.free[node]!)
        return free >= 0 || !evicts ? free : best(units, (node) => nodes.free[node]! + nodes.idle[node]!)
      },
    }
  },
} satisfies PlacementDefinition
