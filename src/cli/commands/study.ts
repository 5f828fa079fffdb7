import { type Arguments, type Command, FORCE_FLAG, JSON_FLAG } from '../arguments/command.ts'
import type { PaperStudy } from '../../study/paper/paper-study.ts'
import { print, printJson, say } from '../terminal/output.ts'
import { READING_FLAGS, readingOf } from '../trace/reading-flags.ts'
import { wholeNumber } from '../arguments/whole-number.ts'

const STORE = 'reports/paper/results.sqlite'

export const studyCommand: Command = {
  usage: 'study <subject>',
  summary: 'Runs the figures of a paper on any trace and says which of its claims hold there.',
  words: { subject: 'paper: "Serverless in the Wild", USENIX ATC 2020.' },
  completes: { subject: async () => ['paper'] },
  flags: {
    trace: { describe: 'A folder or file of a trace, or a compiled .trace.', takes: 'path', required: true },
    ...READING_FLAGS,
    out: { describe: 'Also write the table and the pictures to this folder.', takes: 'folder' },
    store: { describe: `Where the runs are kept; by default ${STORE}.`, takes: 'file' },
    jobs: { describe: 'Threads at most; by default one per core. The results do not depend on it.', takes: 'n' },
    force: FORCE_FLAG,
    json: JSON_FLAG,
  },
  example: ['study paper --trace traces/sample', 'tells which claims of the paper hold on the sample trace'],
  async run(args) {
    await demandPaper(args)
    const { availableParallelism } = await import('node:os')
    const jobs = wholeNumber('jobs', args.text('jobs'), 1, availableParallelism())
    const out = args.text('out')
    const options = { force: args.on('force'), isAll: true }
    const { demandOwnFolder } = await import('../../files/own-folder.ts')
    if (out !== undefined) await demandOwnFolder(out, options)
    const path = args.needed('trace')
    const { readShowing } = await import('../trace/read-showing.ts')
    const trace = await readShowing([path], await readingOf(args), args.on('quiet'))
    const { inlineMore } = await import('../../sim/workers/inlining.ts')
    inlineMore()
    const { openStore } = await import('../../store/store.ts')
    const { runProgress } = await import('../terminal/run-progress.ts')
    const { paperStudy } = await import('../../study/paper/paper-study.ts')
    const store = openStore(args.text('store') ?? STORE, { create: true })
    try {
      const study = await paperStudy(
        { trace, path },
        { store, jobs, watcher: runProgress(trace.invocations, args.on('quiet')) },
      )
      await tell(study, args)
      if (out === undefined) return
      const paths = await written(study, out, options)
      if (args.on('json')) return
      if (!args.on('quiet')) say('The study is written to:')
      print(paths.join('\n'))
    } finally {
      store.close()
    }
  },
}

async function demandPaper(args: Arguments): Promise<void> {
  const { registry } = await import('../../core/registry.ts')
  registry('study', [{ id: 'paper', summary: 'Serverless in the Wild.' }]).get(
    args.needed('subject'),
    'pilotlight study',
  )
}

async function tell({ figures, ...study }: PaperStudy, args: Arguments): Promise<void> {
  if (args.on('json')) {
    const { toJson } = await import('../../metrics/to-json.ts')
    const runs = Object.fromEntries([...figures].map(([figure, comparison]) => [figure, toJson(comparison).runs]))
    return printJson({ schema: 1, ...study, figures: runs })
  }
  const { paperText } = await import('../../study/paper/paper-text.ts')
  print(paperText(study))
}

/** Which chart shows what a figure of the paper shows. */
const PICTURES: Readonly<Record<string, string>> = {
  'figure-14': 'cold-share-distribution',
  'figure-15': 'cold-vs-memory',
  'figure-16': 'cold-vs-memory',
  'figure-17': 'cold-vs-memory',
  'figure-18': 'cold-share-distribution',
}

async function written(
  { figures, ...study }: PaperStudy,
  folder: string,
  options: { readonly force: boolean; readonly isAll: boolean },
): Promise<string[]> {
  const { join } = await import('node:path')
  const { writeOwnFolder } = await import('../../files/own-folder.ts')
  const { pictures } = await import('../../report/drawing/picture.ts')
  const { paperMarkdown } = await import('../../study/paper/paper-text.ts')
  const files = [{ path: 'study.md', content: paperMarkdown(study) }]
  for (const [figure, comparison] of figures) {
    const { svg } = (await pictures(comparison)).find(({ id }) => id === PICTURES[figure])!
    files.push({ path: `${figure}.svg`, content: svg })
  }
  await writeOwnFolder(folder, files, options)
  return files.map(({ path }) => join(folder, path))
}
