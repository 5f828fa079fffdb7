import { join } from 'node:path'
import { makeFolder } from '../../files/folder.ts'
import type { Archive } from '../catalogue/archive.ts'
import { folderOf } from '../catalogue/named-trace.ts'
import { demandThere } from './demand-there.ts'
import { fetchArchive } from './fetch-archive.ts'
import { recordedDigest } from './recorded-digest.ts'
import { unpackArchive } from './unpack-archive.ts'

/** How a public data set is fetched. */
export interface DownloadOptions {
  /** The folder to put it into. Default: one from which traces are opened by name. */
  readonly folder?: string
  /** The http or https address of a mirror of the archive. */
  readonly from?: string
  /** Ask no server: unpack what is there, or say what is missing. Default: false. */
  readonly isOffline?: boolean
  /** Hears how many bytes are there, of how many. */
  readonly onProgress?: (done: number, total: number) => void
}

/** How long a server may be silent, in ms. */
const PATIENCE_MS = 60_000

/**
 * Fetches a public data set, going on where an earlier attempt ended, compares its digest and unpacks it. Gives what was
 * done, in two sentences. Throws a UserError for everything that the network, the disk or the archive does wrong.
 */
export async function downloadArchive(archive: Archive, options: DownloadOptions = {}): Promise<readonly string[]> {
  const { folder = folderOf(archive), from = archive.url, isOffline = false, onProgress = () => undefined } = options
  await makeFolder(folder)
  const file = join(folder, archive.file)
  if (isOffline) await demandThere(archive, file)
  const size = archive.bytes === undefined ? {} : { bytes: archive.bytes }
  await fetchArchive({ url: from, file, ...size, most: archive.most, patienceMs: PATIENCE_MS, onProgress })
  // Before it is unpacked: what is not the archive any more is not taken apart.
  const digest = await recordedDigest(file, archive.sha256)
  return [await unpackArchive(archive, folder), digest]
}
