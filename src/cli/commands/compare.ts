import { type Command, JSON_FLAG } from '../arguments/command.ts'
import { openResults } from '../terminal/opened-results.ts'
import { print, printJson, showsColour } from '../terminal/output.ts'

export const compareCommand: Command = {
  usage: 'compare <experiment>',
  summary: 'Prints the comparison of finished runs, without running anything.',
  words: { experiment: 'An experiment (.yaml) that was run, or a store (.sqlite).' },
  flags: { json: JSON_FLAG },
  example: ['compare experiments/quickstart.yaml', 'prints the table of the last run again'],
  async run(args) {
    const { store, results, experiment } = await openResults(args.needed('experiment'))
    try {
      const { comparisonOf } = await import('../../experiment/results.ts')
      const comparison = comparisonOf(results, experiment?.metrics)
      if (args.on('json')) {
        const { toJson } = await import('../../metrics/to-json.ts')
        printJson(toJson(comparison))
      } else {
        const { textReport } = await import('../../report/comparison/text-report.ts')
        print(textReport(comparison, { colour: showsColour() }))
      }
    } finally {
      store.close()
    }
  },
}
