import { type Command, FORCE_FLAG } from '../arguments/command.ts'
import { print, say } from '../terminal/output.ts'

export const boardCommand: Command = {
  usage: 'board <card..>',
  summary: 'Puts result cards of any number of people on one static page: their Pareto front, and no single score.',
  words: { card: 'Cards (.json) or pages (.html) of reports.' },
  flags: {
    out: { describe: 'The folder to write to.', takes: 'folder', required: true },
    title: { describe: 'What the page is called.', takes: 'text' },
    force: FORCE_FLAG,
  },
  example: ['board results/*.json --out board', 'writes board/index.html, the runs as CSV, and the cards'],
  async run(args) {
    const { writeOwnFolder, demandOwnFolder } = await import('../../files/own-folder.ts')
    const { boardFiles } = await import('../../study/board-files.ts')
    const { join } = await import('node:path')
    const out = args.needed('out')
    const options = { force: args.on('force'), isAll: true }
    await demandOwnFolder(out, options)
    const files = await boardFiles(args.texts('card'), args.text('title'))
    await writeOwnFolder(out, files, options)
    if (!args.on('quiet')) say('The board is written to:')
    print(['index.html', 'board.csv'].map((name) => join(out, name)).join('\n'))
  },
}
