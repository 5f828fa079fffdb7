import type { Command } from '../command.ts'
import { printJson } from '../output.ts'

export const schemaCommand: Command = {
  usage: 'schema',
  summary: 'Prints the JSON Schema of experiments, with which editors complete and check them.',
  words: {},
  flags: {},
  example: ['schema > experiment.schema.json', 'writes the schema to a file'],
  async run() {
    const { jsonSchema } = await import('../../experiment/schema.ts')
    const { policies } = await import('../../policy/policies/index.ts')
    printJson(jsonSchema(policies))
  },
}
