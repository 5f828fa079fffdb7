import { stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join } from 'node:path'
import { parseSource } from '../config/document.ts'
import { namedFiles } from '../config/named-files.ts'
import { MODEL_VERSION } from '../core/version.ts'
import { fileDigest } from '../files/file-digest.ts'
import { namesIn } from '../files/folder.ts'
import type { Comparison } from '../metrics/comparison.ts'
import type { ResultOrigin, OriginFile, RunOrigin } from '../metrics/origin.ts'
import type { Trace } from '../trace/trace.ts'
import { boundsThere } from './bounds-there.ts'
import { ledgerDigest } from './ledger-digest.ts'
import type { Results } from './results.ts'

/** What a comparison of results must say for its runs to be made again; with the trace, also their bounds. */
export async function originOf(results: Results, comparison: Comparison, trace?: Trace): Promise<ResultOrigin> {
  const { record, finished, unfinished, olderModel } = results
  const file = record.places?.file ?? `${record.name}.yaml`
  const document = parseSource(record.source, basename(file))
  const { trace: written } = document.data as { readonly trace: string | { readonly path: string } }
  const path = typeof written === 'string' ? written : written.path
  const bounds = trace === undefined ? undefined : boundsThere(trace)
  const shown = new Map(comparison.runs.map((run) => [run.digest, run]))
  const runs = finished.flatMap((run): [string, RunOrigin][] => {
    const { digest, policyFile } = run
    const figures = shown.get(digest)
    if (figures === undefined) return []
    const named = policyFile === undefined ? {} : { policyFile }
    return [[digest, { ledger: ledgerDigest(run), ...named, bounds: bounds?.(run, figures) ?? [] }]]
  })
  const own = record.places === null ? [] : [...new Set(namedFiles(document).map((each) => each.path))]
  return {
    source: record.source,
    command: `pilotlight run ${basename(file)}`,
    modelVersion: olderModel ?? MODEL_VERSION,
    trace: { path: withoutPlace(path), files: record.places === null ? [] : await filesAt(record.places.trace) },
    files: await listed(own.map((path) => [path, besides(file, path)])),
    runs: new Map(runs),
    unfinished,
  }
}

/** A path that is the same on every machine; of any other the name alone: a card tells nothing of who made it. */
function withoutPlace(path: string): string {
  return isAbsolute(path) ? basename(path) : path
}

function besides(file: string, path: string): string {
  return isAbsolute(path) ? path : join(dirname(file), path)
}

/** The files of a trace at a path, those of a folder by name; none where it is gone. */
async function filesAt(path: string): Promise<readonly OriginFile[]> {
  const status = await stat(path).catch(() => undefined)
  if (status === undefined) return []
  if (status.isFile()) return listed([[basename(path), path]])
  if (!status.isDirectory()) return []
  const names = (await namesIn(path)).filter((name) => !name.startsWith('.'))
  return listed(names.map((name) => [name, join(path, name)]))
}

async function listed(files: readonly (readonly [named: string, path: string])[]): Promise<readonly OriginFile[]> {
  const found: OriginFile[] = []
  for (const [named, path] of files) {
    const status = await stat(path).catch(() => undefined)
    if (status?.isFile() !== true) continue
    found.push({ path: withoutPlace(named), bytes: status.size, sha256: await fileDigest(path) })
  }
  return found
}
