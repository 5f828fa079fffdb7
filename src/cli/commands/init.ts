import { UserError } from '../../core/user-error.ts'
import { type Command } from '../arguments/command.ts'
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
    const { proposeExperiment } = await import('../trace/propose-experiment.ts')
    const { readShowing } = await import('../trace/read-showing.ts')
    const { readMapping } = await import('../../config/mapping-file.ts')
    const given = args.texts('file')
    const { filesOf } = await import('../../trace/read.ts')
    const paths = await filesOf(given)
    const folder = args.text('out') ?? '.'
    const read = async (refused?: UserError) => {
      const proposed = await proposeExperiment(paths, folder, given, refused)
      const { mappingText, lines } = proposed
      if (mappingText !== undefined) print(lines.join('\n'))
      const mapping = mappingText === undefined ? undefined : await readMapping(mappingText, 'the proposed mapping')
      try {
        const trace = await readShowing(given, { mapping }, args.on('quiet'))
        if (mapping === undefined) print(lines.join('\n'))
        return { proposed, trace }
      } catch (error) {
        // A table with the header of a format may have other units: a mapping says which.
        if (mapping !== undefined || !(error instanceof UserError)) throw error
        return read(error)
      }
    }
    const { proposed, trace } = await read()
    const { profileOf } = await import('../trace/trace-profile.ts')
    const { defectLines, factLines } = await import('../trace/trace-text.ts')
    const profile = profileOf(trace)
    print(['', ...factLines(profile), ...defectLines(profile.join), ''].join('\n'))
    print((await proposed.write(trace)).join('\n'))
  },
}
