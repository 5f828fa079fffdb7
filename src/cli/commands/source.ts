import type { ResultCard } from '../../metrics/card.ts'
import { type Command, JSON_FLAG } from '../arguments/command.ts'
import { cardAt } from '../repeat/card-at.ts'
import { print, printJson } from '../terminal/output.ts'

export const sourceCommand: Command = {
  usage: 'source <result>',
  summary:
    'Prints what results were made from: the experiment file, the trace with its files and digests, the command.',
  words: { result: 'A store (.sqlite), a page (.html) or a card (.json).' },
  flags: { json: JSON_FLAG },
  example: ['source reports/quickstart/index.html', 'prints the experiment that the page was made of'],
  async run(args) {
    const card = await cardAt(args.needed('result'))
    if (args.on('json')) printJson(card)
    else print(await sourceText(card))
  },
}

/** The experiment file with all that it does not say itself as comments before it, so that it can be run as it is printed. */
async function sourceText(card: ResultCard): Promise<string> {
  const { printable } = await import('../../core/printable.ts')
  const { traceSize } = await import('../../report/comparison/provenance.ts')
  const { trace, command, version, files, runs, unfinished } = printable(card)
  const file = (each: (typeof files)[number]): string => `  ${each.sha256}  ${each.path} (${each.bytes} bytes)`
  const lines = [
    `pilotlight ${version}, model version ${card.modelVersion ?? 'not known'}`,
    `command: ${command ?? 'not known'}`,
    `trace: ${trace.id} (${trace.format}): ${traceSize(trace)}`,
    `  at ${trace.path ?? 'a place that is not known'}, digest ${trace.digest}`,
    trace.files.length === 0 ? '  its files were gone when this was written' : '  its files, with their SHA-256:',
    ...trace.files.map((each) => `  ${file(each)}`),
    ...(files.length === 0 ? [] : ['files of its own, with their SHA-256:', ...files.map((each) => file(each))]),
    `runs: ${runs.length} finished${unfinished.length === 0 ? '' : `, ${unfinished.length} not`}`,
    ...runs.map(({ label, digest }) => `  ${digest}  ${label}`),
  ]
  return `${lines.map((line) => `# ${line}`).join('\n')}\n\n${card.source ?? '# No experiment file stands behind these results.'}`
}
