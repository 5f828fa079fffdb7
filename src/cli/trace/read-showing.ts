import { basename } from 'node:path'
import { demandDownloaded, tracePath } from '../../trace/catalogue/named-trace.ts'
import { readTrace, type TraceOptions } from '../../trace/read.ts'
import type { Trace } from '../../trace/trace.ts'
import { say } from '../terminal/output.ts'
import { beginProgress, MEGABYTES } from '../terminal/progress.ts'

/** Reads a trace from one or more paths and shows how far it is. */
export async function readShowing(
  paths: readonly string[],
  how: Omit<TraceOptions, 'onProgress'>,
  quiet: boolean,
): Promise<Trace> {
  const found = paths.map((path) => tracePath(path))
  for (const [index, path] of found.entries()) demandDownloaded(path, paths[index]!)
  const [path = '', ...others] = found
  const what = others.length === 0 ? basename(path) : `${found.length} paths`
  const progress = await beginProgress(`reading ${what}`, MEGABYTES, quiet)
  try {
    const trace = await readTrace(found, { ...how, onProgress: progress.at })
    progress.end()
    if (!quiet) warn(trace)
    return trace
  } finally {
    progress.end()
  }
}

/** Says what may make every result wrong. */
function warn({ join }: Trace): void {
  for (const { found, rule, count, examples, warns } of join.defects) {
    if (warns === true && count > 0) say(`warning: ${found}: ${examples.join('; ')}. ${rule}`)
  }
}
