import { type Command, JSON_FLAG } from '../arguments/command.ts'
import { COMPARING_FLAGS, comparingOptions, FAIL_FLAG, failWhere, SET_FLAG } from '../arguments/comparing.ts'
import { combinedInputs, withResults } from '../terminal/opened-results.ts'
import { print, printJson, terminalOptions } from '../terminal/output.ts'

export const compareCommand: Command = {
  usage: 'compare <experiment..>',
  summary:
    'Prints the comparison of finished runs without running anything; several experiments stand beside each other.',
  words: { experiment: 'Experiments (.yaml) that were run, or stores (.sqlite).' },
  flags: { json: JSON_FLAG, ...COMPARING_FLAGS, 'fail-if': FAIL_FLAG, set: SET_FLAG },
  example: [
    'compare experiments/quickstart.yaml --sort idle',
    'prints the table of the last run again, least memory first',
  ],
  async run(args) {
    await withResults(args, async (inputs) => {
      const { combinedComparison } = await import('../../experiment/combined.ts')
      const comparison = combinedComparison(combinedInputs(inputs), await comparingOptions(args))
      if (args.on('json')) {
        const { toJson } = await import('../../metrics/to-json.ts')
        printJson(toJson(comparison))
      } else {
        const { textReport } = await import('../../report/comparison/text-report.ts')
        print(textReport(comparison, terminalOptions()))
      }
      await failWhere(args, comparison)
    })
  },
}
