import { UserError } from '../../core/user-error.ts'
import type { Command } from '../arguments/command.ts'
import { print } from '../terminal/output.ts'

export const downloadCommand: Command = {
  usage: 'download <dataset>',
  summary: 'Fetches a public data set, going on where an earlier attempt ended, and unpacks it.',
  words: { dataset: 'azure-2019, azure-2021, huawei-2025-requests-r5, or huawei-2025-cold-starts-r1 to -r5.' },
  completes: { dataset: async () => (await import('../../trace/catalogue/archives.ts')).ARCHIVES.ids },
  flags: {
    out: {
      describe: 'The folder to put it into; by default one from which traces are opened by name.',
      takes: 'folder',
    },
    from: { describe: 'Address of a mirror of the archive.', takes: 'url' },
    offline: { describe: 'Ask no server: unpack what is there, or say what is missing.' },
  },
  example: ['download azure-2019', 'fetches 143 MB and unpacks them to 2 GB; experiments then say trace: azure-2019'],
  async run(args) {
    const { ARCHIVES } = await import('../../trace/catalogue/archives.ts')
    const { downloadArchive } = await import('../../trace/download/download-archive.ts')
    const { beginProgress, MEGABYTES } = await import('../terminal/progress.ts')
    const archive = ARCHIVES.get(args.needed('dataset'), 'pilotlight download')
    const from = addressOf(args.text('from') ?? archive.url)
    const folder = args.text('out')
    const progress = await beginProgress(`fetching ${archive.file}`, MEGABYTES, args.on('quiet'))
    try {
      const done = await downloadArchive(archive, {
        from,
        ...(folder === undefined ? {} : { folder }),
        isOffline: args.on('offline'),
        onProgress: progress.at,
      })
      progress.end()
      print(done.join('\n'))
    } finally {
      progress.end()
    }
  },
}

function addressOf(text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return text
  throw new UserError({ where: '--from', problem: `expected an http or https address, found ${JSON.stringify(text)}` })
}
