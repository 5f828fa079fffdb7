import { type Command, JSON_FLAG } from '../arguments/command.ts'
import { READING_FLAGS, readingOf } from '../trace/reading-flags.ts'
import { print, printJson } from '../terminal/output.ts'

export const traceCommand: Command = {
  usage: 'trace <path..>',
  summary: 'Prints what is in a trace, how its tables joined, and what was done about every defect.',
  words: { path: 'A folder or file of a trace, or a compiled .trace; several where its format has several files.' },
  flags: {
    ...READING_FLAGS,
    report: {
      describe: 'Also print the published characterisation of Azure’s workload beside the same of this trace.',
    },
    json: JSON_FLAG,
  },
  example: ['trace traces/sample', 'prints what is in the sample trace'],
  async run(args) {
    const { readShowing } = await import('../trace/read-showing.ts')
    const { profileOf } = await import('../trace/trace-profile.ts')
    const { traceText } = await import('../trace/trace-text.ts')
    const trace = await readShowing(args.texts('path'), await readingOf(args), args.on('quiet'))
    const profile = profileOf(trace)
    if (!args.on('report')) {
      if (args.on('json')) printJson({ schema: 1, ...profile })
      else print(traceText(profile))
      return
    }
    const { characterisationLines, characterisationOf } = await import('../trace/characterisation-rows.ts')
    const { columns } = await import('../../report/comparison/aligned-rows.ts')
    const rows = characterisationOf(trace, profile)
    if (args.on('json')) return printJson({ schema: 1, ...profile, characterisation: rows })
    const lines = ['', 'Shahrad et al., USENIX ATC 2020, section 3', ...columns(1, characterisationLines(rows))]
    print([traceText(profile), ...lines].join('\n'))
  },
}
