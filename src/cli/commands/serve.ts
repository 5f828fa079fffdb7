import { type Command, JSON_FLAG } from '../arguments/command.ts'
import { askedLanguage, LANG_FLAG } from '../arguments/language-flag.ts'
import { wholeNumber } from '../arguments/whole-number.ts'
import { interrupted } from '../terminal/interrupted.ts'
import { print, printJson } from '../terminal/output.ts'

export const serveCommand: Command = {
  usage: 'serve <experiment>',
  summary: 'Serves the page of an experiment to this machine until it is interrupted, also while the experiment runs.',
  words: { experiment: 'An experiment (.yaml), also one that runs now, or a store (.sqlite).' },
  flags: {
    port: { describe: 'The port to listen at; by default any that is free.', takes: 'n' },
    trace: { describe: 'Where the trace is, if not where the experiment says.', takes: 'path' },
    lang: LANG_FLAG,
    json: JSON_FLAG,
  },
  example: [
    'serve experiments/quickstart.yaml',
    'serves its page until Ctrl-C; apps are explained when they are opened',
  ],
  async run(args) {
    const { servePage } = await import('../serve/page-server.ts')
    const port = wholeNumber('port', args.text('port'), 0, 0, 65_535)
    await (await import('../trace/trace-of.ts')).demandTrace(args)
    // Signals count from here on, so that whoever reads the address can also end it.
    const isToEnd = interrupted()
    const serving = await servePage(args, port, await askedLanguage(args))
    if (args.on('json')) printJson({ schema: 1, url: serving.url })
    else print(`The page is at ${serving.url}`)
    await isToEnd
    await serving.close()
  },
}
