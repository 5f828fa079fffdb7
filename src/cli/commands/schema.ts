import type { Command } from '../command.ts'
import { printJson } from '../output.ts'

export const schemaCommand: Command = {
  usage: 'schema',
  summary: 'Prints the JSON Schema of experiments, with which editors complete and check them.',
  words: {},
  flags: {
    prices: { describe: 'The schema of price tables of your own in place of that of experiments.' },
    live: { describe: 'The schema of live files in place of that of experiments.' },
  },
  example: ['schema > experiment.schema.json', 'writes the schema to a file'],
  async run(args) {
    if (args.on('prices')) {
      const { priceTableJsonSchema } = await import('../../experiment/prices-schema.ts')
      return printJson(priceTableJsonSchema())
    }
    const { policies } = await import('../../policy/policies/index.ts')
    if (args.on('live')) {
      const { liveJsonSchema } = await import('../../experiment/live-schema.ts')
      return printJson(liveJsonSchema(policies.all))
    }
    const { jsonSchema } = await import('../../experiment/schema.ts')
    printJson(jsonSchema(policies))
  },
}
