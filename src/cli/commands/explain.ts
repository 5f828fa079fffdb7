import type { Results } from '../../experiment/results.ts'
import { finite } from '../../metrics/to-json.ts'
import type { Explanation } from '../../report/explanation/explanation.ts'
import type { Store } from '../../store/store.ts'
import { type Arguments, type Command, FORCE_FLAG, JSON_FLAG } from '../arguments/command.ts'
import { openResults } from '../terminal/opened-results.ts'
import { askedLanguage, LANG_FLAG } from '../arguments/language-flag.ts'
import { print, printJson, say } from '../terminal/output.ts'
import { wholeNumber } from '../arguments/whole-number.ts'

export const explainCommand: Command = {
  usage: 'explain <experiment>',
  summary: 'Says why an app was cold: each run in a sentence, its arrivals, windows and reasons over time.',
  words: { experiment: 'An experiment (.yaml) that was run, or a store (.sqlite).' },
  flags: {
    app: { describe: 'The app; the beginning of its name is enough.', takes: 'prefix' },
    run: { describe: 'Labels of runs with commas between them; by default all.', takes: 'labels' },
    worst: {
      describe:
        'List so many apps that lose most against the run that is best for them; by default 20 where --app is not given.',
      takes: 'n',
    },
    trace: { describe: 'Where the trace is, if not where the experiment says.', takes: 'path' },
    lang: LANG_FLAG,
    out: { describe: 'Also write text, picture and data to this folder.', takes: 'folder' },
    force: FORCE_FLAG,
    json: JSON_FLAG,
  },
  example: ['explain experiments/quickstart.yaml --worst 5', 'lists the five apps that lose most by their policy'],
  async run(args) {
    const prefix = args.text('app')
    const { store, results } = await openResults(args.needed('experiment'))
    try {
      if (prefix === undefined || args.text('worst') !== undefined) await listWorst(store, results, args)
      if (prefix !== undefined) await explainApp(prefix, results, args)
    } finally {
      store.close()
    }
  },
}

async function listWorst(store: Store, results: Results, args: Arguments): Promise<void> {
  const { regrets } = await import('../../report/explanation/regret.ts')
  const most = wholeNumber('worst', args.text('worst'), 1, 20)
  const runs = await chosenRuns(results, args)
  const worst = regrets(runs, (run) => store.readNames(results.record.trace.digest, String(run.model['unit'])), most)
  if (args.on('json') && args.text('app') === undefined) return printJson({ schema: 1, worst })
  if (args.on('json')) return
  const { ENGLISH, told } = await import('../../language/language.ts')
  const language = (await askedLanguage(args)) ?? ENGLISH
  const { columns } = await import('../../report/comparison/aligned-rows.ts')
  const { printableText } = await import('../../core/printable.ts')
  const rows = worst.map((each) => [
    printableText(each.app),
    printableText(each.run),
    String(each.cold),
    String(each.leastCold),
    printableText(each.bestRun),
  ])
  const heads = (
    ['explain.app', 'table.run', 'explain.worst.cold', 'explain.worst.least', 'explain.worst.by'] as const
  ).map((word) => told(language, word))
  print(columns(2, [heads, ...rows]).join('\n'))
  if (args.text('app') === undefined) say('Explain one of them with --app and the beginning of its name.')
}

async function explainApp(prefix: string, results: Results, args: Arguments): Promise<void> {
  const language = await askedLanguage(args)
  const { explanationOf, factsOf } = await import('../../study/explained-app.ts')
  const { foundBy } = await import('../trace/trace-of.ts')
  const explanation = await explanationOf(prefix, results, await chosenRuns(results, args), foundBy(args))
  // What programs read is in English.
  const spoken = { ...explanation, facts: factsOf(results, language) }
  const { explanationText } = await import('../../report/explanation/explanation-text.ts')
  const out = args.text('out')
  const text = `${explanationText(spoken, language)}\n`
  if (out !== undefined) {
    const { explanationPicture } = await import('../../report/explanation/explanation-picture.ts')
    const { writeOwnFolder } = await import('../../files/own-folder.ts')
    const files = [
      { path: 'explanation.txt', content: text },
      { path: 'explanation.svg', content: await explanationPicture(spoken, language) },
      { path: 'explanation.json', content: `${JSON.stringify(documentOf(explanation), null, 2)}\n` },
    ]
    await writeOwnFolder(out, files, { force: args.on('force') })
    if (!args.on('quiet')) say(`Text, picture and data are in ${out}.`)
  }
  if (args.on('json')) printJson(documentOf(explanation))
  else print(text)
}

/** As plain JSON, which has no infinite numbers: they are the text Infinity. */
function documentOf(explanation: Explanation): { readonly schema: 1 } & Explanation {
  return finite({ schema: 1, ...explanation }) as { readonly schema: 1 } & Explanation
}

/** The finished runs that --run names; all where it names none. */
async function chosenRuns(results: Results, args: Arguments) {
  const { finishedRun } = await import('../../experiment/results.ts')
  const text = args.text('run')
  if (text === undefined) return results.finished
  return text.split(/,(?![^(]*\))/).map((label) => finishedRun(results, label.trim()))
}
