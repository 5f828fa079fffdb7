import type { Command } from '../command.ts'
import { printJson } from '../output.ts'

export const schemaCommand: Command = {
  usage: 'schema',
  summary: 'Prints the JSON Schema of experiments, with which editors complete and check them.',
  words: {},
  flags: { prices: { describe: 'The schema of price tables of your own in place of that of experiments.' } },
  example: ['schema > experiment.schema.json', 'writes the schema to a file'],
  async run(args) {
    if (args.on('prices')) {
      const { priceTableJsonSchema } = await import('../../experiment/prices-schema.ts')
      return printJson(priceTableJsonSchema())
    }
    const { jsonSchema } = await import('../../experiment/schema.ts')
    const { policies } = await import('../../policy/policies/index.ts')
    printJson(jsonSchema(policies))
  },
}
