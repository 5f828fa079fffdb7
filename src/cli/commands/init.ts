import type { Command } from '../arguments/command.ts'
import { print } from '../terminal/output.ts'

export const initCommand: Command = {
  usage: 'init <file..>',
  summary: 'Looks at a log or table, proposes how to read it and an experiment on it, and writes both.',
  words: { file: 'A file of a log or a table; several of one kind, or a folder of them, are read as one trace.' },
  flags: {
    out: {
      describe: 'The folder to write to; by default the current one. Files that exist are never overwritten.',
      takes: 'folder',
    },
  },
  example: ['init access.log', 'writes access.mapping.yaml and access.experiment.yaml'],
  async run(args) {
    const { readAsProposed } = await import('../../study/first-experiment.ts')
    const { readShowing } = await import('../trace/read-showing.ts')
    const given = args.texts('file')
    const { proposed, trace } = await readAsProposed(given, args.text('out') ?? '.', {
      read: (mapping) => readShowing(given, { mapping }, args.on('quiet')),
      tell: (lines) => print(lines.join('\n')),
    })
    const { profileOf } = await import('../trace/trace-profile.ts')
    const { defectLines, factLines } = await import('../trace/trace-text.ts')
    const profile = profileOf(trace)
    print(['', ...factLines(profile), ...defectLines(profile.join), ''].join('\n'))
    print((await proposed.write(trace)).join('\n'))
  },
}
