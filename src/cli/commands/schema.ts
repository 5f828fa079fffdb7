import type { Command } from '../arguments/command.ts'
import { printJson } from '../terminal/output.ts'

export const schemaCommand: Command = {
  usage: 'schema',
  summary: 'Prints the JSON Schema of experiments, with which editors complete and check them.',
  words: {},
  flags: {
    prices: { describe: 'Print the schema of price tables instead.' },
    mapping: { describe: 'Print the schema of mapping files instead.' },
    card: { describe: 'Print the schema of result cards instead.' },
    live: { describe: 'Print the schema of live files instead.' },
  },
  example: ['schema > experiment.schema.json', 'writes the schema to a file'],
  async run(args) {
    if (args.on('prices')) {
      const { priceTableJsonSchema } = await import('../../config/prices-schema.ts')
      return printJson(priceTableJsonSchema())
    }
    if (args.on('mapping')) {
      const { mappingJsonSchema } = await import('../../config/mapping-schema.ts')
      return printJson(mappingJsonSchema())
    }
    if (args.on('card')) {
      const { cardJsonSchema } = await import('../../config/card-schema.ts')
      return printJson(cardJsonSchema())
    }
    const { policies } = await import('../../policy/policies/index.ts')
    if (args.on('live')) {
      const { liveJsonSchema } = await import('../../config/live-schema.ts')
      return printJson(liveJsonSchema(policies.all))
    }
    const { jsonSchema } = await import('../../config/experiment-schema.ts')
    printJson(jsonSchema(policies))
  },
}
