import type { Experiment } from '../../config/experiment-file.ts'
import type { Results } from '../../experiment/results.ts'
import type { Comparison } from '../../metrics/comparison.ts'
import type { ResultOrigin } from '../../metrics/origin.ts'
import { type Arguments, type Command, FORCE_FLAG } from '../arguments/command.ts'
import { COMPARING_FLAGS, comparingOptions, SET_FLAG } from '../arguments/comparing.ts'
import { figureFlags, figureRequest } from '../arguments/figure-flags.ts'
import { askedLanguage, LANG_FLAG } from '../arguments/language-flag.ts'
import { combinedInputs, type OpenedResults, withResults } from '../terminal/opened-results.ts'
import { print, say } from '../terminal/output.ts'
import { idsOf } from './list.ts'

export const reportCommand: Command = {
  usage: 'report <experiment..>',
  summary: 'Writes a report of finished runs and prints the paths of its files.',
  words: { experiment: 'Experiments (.yaml) that were run, or stores (.sqlite).' },
  flags: {
    out: { describe: 'The folder to write to; by default reports/<name>.', takes: 'folder' },
    format: {
      describe: 'Formats, as in html,svg; by default html. See pilotlight list renderers.',
      takes: 'ids',
      completes: idsOf('renderers'),
      isList: true,
    },
    ...figureFlags(idsOf('charts')),
    lang: LANG_FLAG,
    strips: {
      describe:
        'How many apps the page shows over time: those that lose most by the best run, or differ most from the baseline; by default 40.',
      takes: 'n',
    },
    app: {
      describe: 'Show this app over time too; the beginning of its name is enough; may be repeated.',
      takes: 'prefix',
    },
    trace: { describe: 'Where the trace is, if not where the experiment says.', takes: 'path' },
    open: { describe: 'Open the first file.' },
    ...COMPARING_FLAGS,
    set: SET_FLAG,
    force: FORCE_FLAG,
  },
  example: ['report experiments/quickstart.yaml --format html,png', 'writes a page and pictures to reports/quickstart'],
  async run(args) {
    const { RENDERERS } = await import('../../report/renderers/index.ts')
    const ids = (args.text('format') ?? 'html').split(',').map((id) => id.trim())
    const renderers = [...new Set(ids)].map((id) => RENDERERS.get(id, '--format'))
    const figures = figureRequest(args)
    if (figures.font !== undefined) await (await import('../../report/drawing/fonts.ts')).demandFont(figures.font)
    const language = await askedLanguage(args)
    const unspoken = renderers.filter(({ isSpoken }) => isSpoken !== true).map(({ id }) => id)
    if (language !== undefined && language.id !== 'en' && unspoken.length > 0)
      say(`warning: --lang is for what people read: ${unspoken.join(' and ')} is for programs, and in English.`)
    await withResults(args, async (inputs) => {
      const { combinedComparison } = await import('../../experiment/combined.ts')
      const { reportFolder } = await import('../../experiment/places.ts')
      const { writeReport } = await import('../terminal/written-report.ts')
      const { appAccounts } = await import('../terminal/accounts-of-stores.ts')
      const comparing = await comparingOptions(args)
      const compared = combinedComparison(combinedInputs(inputs), comparing)
      const [{ results, experiment }] = inputs as readonly [OpenedResults]
      // One command cannot repeat several experiments.
      const comparison =
        inputs.length > 1 ? compared : { ...compared, origin: await origin(results, compared, experiment, ids, args) }
      const spoken =
        language === undefined
          ? comparison
          : { ...comparison, ...combinedComparison(combinedInputs(inputs), { ...comparing, language }) }
      const out = args.text('out')
      const name = inputs.map((input) => input.results.record.name).join('+')
      const folder = out ?? reportFolder(name)
      const options = { force: args.on('force'), isOurs: out === undefined }
      const apps = appAccounts(inputs)
      const charts = experiment?.charts ?? []
      if (figures.ids !== undefined)
        (await import('../../report/drawing/picture.ts')).chosenCharts(spoken, { charts, figures })
      const strips = ids.includes('html') ? await stripsOf(inputs, spoken, args) : []
      const material = { charts, apps, strips, figures, experiment: args.needed('experiment') }
      const paths = await writeReport(comparison, renderers, folder, options, material, spoken)
      if (!args.on('quiet')) say('The report is written to:')
      print(paths.join('\n'))
      if (args.on('open') && paths[0] !== undefined) {
        const { openFile } = await import('../terminal/open-file.ts')
        openFile(paths[0])
      }
    })
  },
}

async function stripsOf(inputs: readonly OpenedResults[], comparison: Comparison, args: Arguments) {
  const { pageStrips } = await import('../trace/pages-strips.ts')
  return pageStrips(inputs, comparison, args)
}

/** What is needed to make the runs again. A card tells the bounds as well, where the trace is still there. */
async function origin(
  results: Results,
  comparison: Comparison,
  experiment: Experiment | undefined,
  ids: readonly string[],
  args: Arguments,
): Promise<ResultOrigin> {
  const { originOf } = await import('../../experiment/origin-of.ts')
  if (experiment === undefined || !ids.includes('card')) return originOf(results, comparison)
  const { existsSync } = await import('node:fs')
  if (!existsSync(experiment.trace.path)) return originOf(results, comparison)
  const { traceOf } = await import('../trace/trace-of.ts')
  const { trace } = await traceOf(experiment, args)
  return originOf(results, comparison, trace.digest === comparison.trace.digest ? trace : undefined)
}
