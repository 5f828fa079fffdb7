import type { FinishedRun } from '../../metrics/run.ts'
import { type Command, FORCE_FLAG } from '../arguments/command.ts'
import { combinedInputs, withResults } from '../terminal/opened-results.ts'
import { print, say } from '../terminal/output.ts'

/** The ids of the formats, for completion. */
async function dataFormats(): Promise<readonly string[]> {
  return (await import('../../data/formats/index.ts')).DATA_FORMATS.ids
}

export const dataCommand: Command = {
  usage: 'data <experiment..>',
  summary: 'Writes the results as tables for pandas, R, DuckDB or a spreadsheet: runs, apps, days, timeline.',
  words: { experiment: 'Experiments (.yaml) that were run, or stores (.sqlite).' },
  flags: {
    out: { describe: 'The folder to write to.', takes: 'folder', required: true },
    format: {
      describe: 'Formats, as in parquet,csv; by default both.',
      takes: 'ids',
      completes: dataFormats,
      isList: true,
    },
    force: FORCE_FLAG,
  },
  example: [
    'data experiments/quickstart.yaml --out results',
    'writes runs, apps, days and timeline as Parquet and CSV',
  ],
  async run(args) {
    const { DATA_FORMATS } = await import('../../data/formats/index.ts')
    const { dataFiles } = await import('../../data/export-data.ts')
    const { demandOwnFolder, writeOwnFolder } = await import('../../files/own-folder.ts')
    const { combinedResults } = await import('../../experiment/combined.ts')
    const { comparisonOf } = await import('../../experiment/results.ts')
    const ids = (args.text('format') ?? DATA_FORMATS.ids.join(',')).split(',').map((id) => id.trim())
    const formats = [...new Set(ids)].map((id) => DATA_FORMATS.get(id, '--format'))
    const folder = args.needed('out')
    const options = { force: args.on('force'), isAll: true }
    await demandOwnFolder(folder, options)
    await withResults(args, async (inputs) => {
      const { results } = combinedResults(combinedInputs(inputs))
      const namesOf = ({ digest, model }: FinishedRun): readonly string[] => {
        const { store, results: own } = inputs.find((each) =>
          each.results.finished.some((run) => run.digest === digest),
        )!
        return store.readNames(own.record.trace.digest, String(model['unit']))
      }
      const files = dataFiles({ comparison: comparisonOf(results), runs: results.finished, namesOf }, formats)
      await writeOwnFolder(folder, files, options)
      if (!args.on('quiet')) say('The data are written to:')
      print(files.map(({ path }) => `${folder.replace(/\/+$/, '')}/${path}`).join('\n'))
    })
  },
}
