import { type Command, JSON_FLAG } from '../arguments/command.ts'
import { ORIGIN_FLAG, originOf } from '../arguments/origin.ts'
import { print, printJson } from '../terminal/output.ts'

export const traceCommand: Command = {
  usage: 'trace <path>',
  summary: 'Prints what is in a trace, how its tables joined, and what was done about every defect.',
  words: { path: 'A folder or file of a trace, or a compiled .trace.' },
  flags: {
    format: { describe: 'Id of its format, when it is not to be guessed. See pilotlight list formats.', takes: 'id' },
    origin: ORIGIN_FLAG,
    json: JSON_FLAG,
  },
  example: ['trace traces/sample', 'prints what is in the sample trace'],
  async run(args) {
    const { readShowing } = await import('../trace/read-showing.ts')
    const { profileOf } = await import('../trace/trace-profile.ts')
    const { traceText } = await import('../trace/trace-text.ts')
    const profile = profileOf(
      await readShowing([args.needed('path')], args.text('format'), args.on('quiet'), originOf(args.text('origin'))),
    )
    if (args.on('json')) printJson({ schema: 1, ...profile })
    else print(traceText(profile))
  },
}
