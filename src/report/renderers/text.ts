import { type Renderer, textFile } from '../renderer.ts'
import { textReport } from '../comparison/text-report.ts'

export const text: Renderer = {
  id: 'text',
  isSpoken: true,
  summary: 'The comparison as plain text in columns.',
  render: async (comparison) => [textFile('comparison.txt', textReport(comparison, { colour: false }))],
}
