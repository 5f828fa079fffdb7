import { basename } from 'node:path'
import { readTrace } from '../../trace/read.ts'
import type { Trace } from '../../trace/trace.ts'
import { beginProgress, MEGABYTES } from '../terminal/progress.ts'

/** Reads a trace from one or more paths, in a format when one is named, and shows how far it is. */
export async function readShowing(
  paths: readonly string[],
  format: string | undefined,
  quiet: boolean,
): Promise<Trace> {
  const [path = '', ...others] = paths
  const what = others.length === 0 ? basename(path) : `${paths.length} paths`
  const progress = await beginProgress(`reading ${what}`, MEGABYTES, quiet)
  try {
    return await readTrace(paths, { ...(format === undefined ? {} : { format }), onProgress: progress.at })
  } finally {
    progress.end()
  }
}
