import { basename } from 'node:path'
import { readTrace } from '../trace/read.ts'
import type { Trace } from '../trace/trace.ts'
import { beginProgress, MEGABYTES } from './progress.ts'

/** Reads a trace, in a format when one is named, and shows how far it is. */
export async function readShowing(path: string, format: string | undefined, quiet: boolean): Promise<Trace> {
  const progress = await beginProgress(`reading ${basename(path)}`, MEGABYTES, quiet)
  try {
    return await readTrace(path, { ...(format === undefined ? {} : { format }), onProgress: progress.at })
  } finally {
    progress.end()
  }
}
