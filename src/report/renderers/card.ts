import { resultCard } from '../../metrics/card.ts'
import { type Renderer, textFile } from '../renderer.ts'

export const card: Renderer = {
  id: 'card',
  summary: 'A JSON file with all that is needed to make the runs again. `pilotlight verify` makes them.',
  render: async (comparison) => [textFile('card.json', `${JSON.stringify(resultCard(comparison), null, 2)}\n`)],
}
