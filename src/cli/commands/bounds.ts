import { type Command, JSON_FLAG } from '../arguments/command.ts'
import { print, printJson } from '../terminal/output.ts'

export const boundsCommand: Command = {
  usage: 'bounds <trace>',
  summary: 'Prints what no policy can beat on a trace: the fewest cold starts for each amount of idle memory.',
  words: { trace: 'A folder or file of a trace, or a compiled .trace.' },
  flags: {
    format: { describe: 'Id of its format; by default it is recognised. See pilotlight list formats.', takes: 'id' },
    unit: {
      describe: 'What is loaded: app (the default), or each function as an app of its own.',
      takes: 'app|function',
    },
    memory: {
      describe: 'Each app its own memory, or 1 MB each; by default the trace’s where it has memory, else equal.',
      takes: 'trace|equal',
    },
    spread: { describe: 'How minute counts become arrivals; by default minute. See docs/model.md.', takes: 'spread' },
    seed: { describe: 'Seed of the spread; by default 1.', takes: 'n' },
    lead: {
      describe:
        'How long ahead of an arrival the bounds with pre-warming load at least; by default 1m, or a tenth of the idle time where that is less.',
      takes: 'duration',
    },
    capacity: { describe: 'Also bound cold starts within these sizes of memory, as in 8GB,16GB.', takes: 'sizes' },
    json: JSON_FLAG,
  },
  example: ['bounds traces/sample', 'prints the bounds of the sample trace'],
  async run(args) {
    const { boundsOptions, boundsStudy } = await import('../bounds/bounds-study.ts')
    const { readMemorySizes } = await import('../arguments/memory-sizes.ts')
    const options = boundsOptions(args)
    const capacity = readMemorySizes('capacity', args.text('capacity')) ?? []
    const { readShowing } = await import('../trace/read-showing.ts')
    const trace = await readShowing([args.needed('trace')], { format: args.text('format') }, args.on('quiet'))
    const study = boundsStudy(trace, options, capacity)
    if (args.on('json')) {
      printJson({ schema: 1, ...study })
      return
    }
    const { boundsText } = await import('../bounds/bounds-text.ts')
    print(boundsText(study))
  },
}
