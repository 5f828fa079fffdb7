import { streamOf } from '../../core/random.ts'
import { freeFirst, NOWHERE, type PlacementDefinition, roomOn } from '../cluster/placement.ts'

/** Any node with room, all with equal chances. */
export const random: PlacementDefinition = {
  id: 'random',
  summary: 'Any node with free memory, all with equal chances, else any where evictions make room.',
  create({ nodes, seed }) {
    const stream = streamOf(seed, 'placement')
    return freeFirst((_app, units, evicting) => {
      const fits: number[] = []
      for (let node = 0; node < nodes.count; node += 1) if (roomOn(nodes, node, evicting) >= units) fits.push(node)
      // Nothing is drawn where nothing fits, so that it does not matter how often that was tried.
      return fits.length === 0 ? NOWHERE : fits[Math.floor(stream.uniform() * fits.length)]!
    })
  },
}
