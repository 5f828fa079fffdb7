import { UserError } from '../../core/user-error.ts'
import type { Command } from '../arguments/command.ts'
import { print } from '../terminal/output.ts'

/** How long a server may be silent. */
const PATIENCE_MS = 60_000

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
    const { join } = await import('node:path')
    const { ARCHIVES } = await import('../../trace/catalogue/archives.ts')
    const { fetchArchive } = await import('../download/fetch-archive.ts')
    const { beginProgress, MEGABYTES } = await import('../terminal/progress.ts')
    const { unpackArchive } = await import('../download/unpack.ts')
    const { makeFolder } = await import('../../files/folder.ts')
    const archive = ARCHIVES.get(args.needed('dataset'), 'pilotlight download')
    const url = addressOf(args.text('from') ?? archive.url)
    const { folderOf } = await import('../../trace/catalogue/named-trace.ts')
    const folder = args.text('out') ?? folderOf(archive)
    await makeFolder(folder)
    const file = join(folder, archive.file)
    if (args.on('offline')) {
      const { demandThere } = await import('../download/demand-there.ts')
      await demandThere(archive, file)
    }
    const progress = await beginProgress(`fetching ${archive.file}`, MEGABYTES, args.on('quiet'))
    const size = archive.bytes === undefined ? {} : { bytes: archive.bytes }
    try {
      await fetchArchive({ url, file, ...size, most: archive.most, patienceMs: PATIENCE_MS, onProgress: progress.at })
    } finally {
      progress.end()
    }
    const { recordedDigest } = await import('../download/recorded-digest.ts')
    // Before it is unpacked: what is not the archive any more is not taken apart.
    const digest = await recordedDigest(file, archive.sha256)
    const unpacked = await unpackArchive(archive, folder)
    print(`${unpacked}\n${digest}`)
  },
}

function addressOf(text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return text
  throw new UserError({ where: '--from', problem: `expected an http or https address, found ${JSON.stringify(text)}` })
}
