import { toJson } from '../../metrics/to-json.ts'
import { type Renderer, textFile } from '../renderer.ts'

export const json: Renderer = {
  id: 'json',
  summary: 'The document that the command prints with --json.',
  render: async (comparison) => [textFile('comparison.json', `${JSON.stringify(toJson(comparison), null, 2)}\n`)],
}
