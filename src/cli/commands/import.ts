import { type Command, JSON_FLAG } from '../arguments/command.ts'
import { READING_FLAGS, readingOf } from '../trace/reading-flags.ts'
import { print, printJson } from '../terminal/output.ts'

export const importCommand: Command = {
  usage: 'import <path..>',
  summary: 'Reads a trace and writes it as a compiled .trace file, which loads at once.',
  words: { path: 'A folder or file of a trace; several where its format has several files.' },
  flags: {
    ...READING_FLAGS,
    out: { describe: 'The file to write.', takes: 'file.trace', required: true },
    json: JSON_FLAG,
  },
  example: ['import data/azure2019 --out azure2019.trace', 'compiles two weeks of Azure traces once and for all'],
  async run(args) {
    const { UserError } = await import('../../core/user-error.ts')
    const out = args.needed('out')
    if (!out.endsWith('.trace')) {
      const problem = `expected a file whose name ends in .trace, found ${JSON.stringify(out)}`
      throw new UserError({ where: '--out', problem })
    }
    const { demandApart } = await import('../../files/apart.ts')
    await demandApart(out, '--out', args.texts('path'))
    const { keepNurserySmall } = await import('../../trace/build/small-nursery.ts')
    const { readShowing } = await import('../trace/read-showing.ts')
    const { writeCompiled } = await import('../../trace/compiled/compiled-file.ts')
    const { profileOf } = await import('../trace/trace-profile.ts')
    const { defectLines, factLines } = await import('../trace/trace-text.ts')
    keepNurserySmall()
    const trace = await readShowing(args.texts('path'), await readingOf(args), args.on('quiet'))
    await writeCompiled(trace, out)
    const profile = profileOf(trace)
    if (args.on('json')) printJson({ schema: 1, file: out, ...profile })
    else print([`${out} written.`, '', ...factLines(profile), ...defectLines(profile.join)].join('\n'))
  },
}
