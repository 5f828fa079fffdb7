import { agreeing, counted } from '../../core/counted.ts'
import { printableText } from '../../core/printable.ts'
import type { RepeatedRun } from '../../experiment/repeat-runs.ts'
import { type Command, JSON_FLAG } from '../arguments/command.ts'
import { print, printJson } from '../terminal/output.ts'
import { wholeNumber } from '../arguments/whole-number.ts'

export const verifyCommand: Command = {
  usage: 'verify <result>',
  summary: 'Makes the runs of a page or a card again and says whether they are the same to the last bit.',
  words: { result: 'A page (.html) or a card (.json) of a report.' },
  flags: {
    trace: { describe: 'Where the trace is, if not at its path as seen from the card.', takes: 'path' },
    files: {
      describe: 'The folder with the policy files that the runs need. They are code, and are run.',
      takes: 'folder',
    },
    run: { describe: 'Only the run of this label.', takes: 'label' },
    jobs: { describe: 'Threads at most; by default one per core. The results do not depend on it.', takes: 'n' },
    json: JSON_FLAG,
  },
  example: ['verify reports/quickstart/index.html', 'makes the three runs of the page again and compares them'],
  async run(args) {
    const { availableParallelism } = await import('node:os')
    const jobs = wholeNumber('jobs', args.text('jobs'), 1, availableParallelism())
    const path = args.needed('result')
    const { readCard } = await import('../../config/card-file.ts')
    const { experimentOfCard } = await import('../../config/card-experiment.ts')
    const files = args.text('files')
    if (files !== undefined) await (await import('../../files/folder.ts')).demandFolder(files, '--files')
    const card = await readCard(path)
    const experiment = await experimentOfCard(card, path, files)
    const { traceOfCard } = await import('../repeat/trace-of-card.ts')
    const trace = await traceOfCard(card, path, experiment, args)
    const { isSameRun, repeatRuns } = await import('../../experiment/repeat-runs.ts')
    const { inlineMore } = await import('../../sim/workers/inlining.ts')
    inlineMore()
    const { runProgress } = await import('../terminal/run-progress.ts')
    const watcher = runProgress(trace.invocations, args.on('quiet'))
    const runs = await repeatRuns(card, experiment, trace, { path, jobs, watcher, label: args.text('run') })
    const same = runs.filter((run) => isSameRun(run))
    if (args.on('json')) printJson({ schema: 1, card: path, trace: card.trace.digest, same: same.length, runs })
    else print(await verdict(runs, same.length))
    if (same.length === runs.length) return
    const { UserError } = await import('../../core/user-error.ts')
    const problem = `${runs.length - same.length} of ${counted(runs.length, 'run')} ${agreeing(runs.length - same.length, 'is', 'are')} not what the card tells`
    const hint = 'The card was changed, or a policy of its own depends on more than its trace, parameters and seed.'
    throw new UserError({ where: path, problem, hint })
  },
}

async function verdict(runs: readonly RepeatedRun[], same: number): Promise<string> {
  const { columns } = await import('../../report/comparison/aligned-rows.ts')
  const rows = runs.map((run) => [printableText(run.label), said(run)])
  const all = `${same} of ${counted(runs.length, 'run')} ${agreeing(same, 'is', 'are')} the same.`
  return rows.length === 0 ? 'The card has no runs.' : [...columns(2, rows), '', all].join('\n')
}

function said({ sameLedger, otherFigures, notReckoned }: RepeatedRun): string {
  const [first] = otherFigures
  const but = notReckoned.length === 0 ? '' : `; not looked at: ${printableText(notReckoned.join(', '))}`
  if (sameLedger === false) return 'OTHER: the accounts of its apps differ'
  if (first !== undefined) return `OTHER: ${first.metric} is ${first.card} in the card and ${first.here} here`
  return `${sameLedger === null ? 'same figures; the card has no digest of its accounts' : 'the same, to the last bit'}${but}`
}
