import { readFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { agreeing, counted } from '../core/counted.ts'
import { UserError } from '../core/user-error.ts'
import { VERSION } from '../core/version.ts'
import { unfinishedShards } from '../experiment/shard-stores.ts'
import { makeFolder, namesIn } from '../files/folder.ts'
import { replaceFile } from '../files/replace-file.ts'
import { type ArrayJob, type JobFile, MERGED_STORE, REPORT, shardStore } from './array-job.ts'
import type { BatchEngine } from './batch-engine.ts'

/** What was written and submitted. */
export interface Submission {
  /** Relative to the job's folder. */
  readonly files: readonly string[]
  /** Shards that were still to be made. */
  readonly shards: readonly number[]
  /** The engine's names of the jobs; none where nothing was submitted. */
  readonly names: readonly string[]
}

/** The job's own description. It marks a folder as one that `submit` may write to. */
const RECORD = 'job.json'
/** The most members of an array that every engine accepts by default. */
const MOST_SHARDS = 10_000
const POLL_MS = 2_000

/**
 * Writes the files of a job, and submits its shards that are not finished. A folder in which the same job was
 * submitted before is used again. Any other folder that is not empty is refused with a UserError.
 */
export async function submitArray(
  engine: BatchEngine,
  job: ArrayJob,
  { filesOnly, say }: { readonly filesOnly: boolean; readonly say: (text: string) => void },
): Promise<Submission> {
  if (job.shards > MOST_SHARDS) {
    throw new UserError({ where: '--shards', problem: `expected at most ${MOST_SHARDS}, found ${job.shards}` })
  }
  const record = recordOf(engine, job)
  const files = engine.files(job)
  await claimFolder(job.folder, record)
  // The record is written first. So where this command is killed, the next one knows the folder and goes on there.
  for (const file of [record, ...files]) await writeJobFile(job.folder, file)
  for (const folder of ['shards', 'logs']) await makeFolder(join(job.folder, folder))
  const written = [...files, record].map(({ path }) => path)
  const shards = unfinishedShards(job.shards, (shard) => join(job.folder, shardStore(shard)))
  if (shards.length < job.shards)
    say(
      `${job.shards - shards.length} of ${counted(job.shards, 'shard')} ${agreeing(job.shards - shards.length, 'was', 'were')} finished before.`,
    )
  const isGathered = shards.length === 0 && existsSync(join(job.folder, MERGED_STORE))
  if (filesOnly || engine.submitter === undefined || isGathered) return { files: written, shards, names: [] }
  // Where only the gathering is left, one shard is submitted with it, and ends at once.
  const names = await engine.submitter.submit(job, shards.length === 0 ? [1] : shards)
  say(`Submitted to ${engine.id}: ${names.join(', ')}.`)
  return { files: written, shards, names }
}

/** Waits until a submitted job is over. Throws a UserError that names the shards which are not finished, and their logs. */
export async function waitFor(
  engine: BatchEngine,
  job: ArrayJob,
  names: readonly string[],
  say: (text: string) => void,
): Promise<void> {
  const began = performance.now()
  const storeOf = (shard: number): string => join(job.folder, shardStore(shard))
  const before = job.shards - unfinishedShards(job.shards, storeOf).length
  let told = ''
  for (;;) {
    const state = await engine.submitter!.state(names, job)
    const done = job.shards - unfinishedShards(job.shards, storeOf).length
    const line = `${done} of ${counted(job.shards, 'shard')} finished, ${counted(state.working, 'job')} working, ${state.waiting} waiting`
    if (line !== told) say(`${line}${timeLeft(done - before, job.shards - done, performance.now() - began)}.`)
    told = line
    if (state.isOver) break
    await pause(POLL_MS)
  }
  const missing = unfinishedShards(job.shards, storeOf)
  const results = join(job.folder, MERGED_STORE)
  if (missing.length === 0 && existsSync(results) && existsSync(join(job.folder, REPORT))) return
  const what =
    missing.length > 0
      ? `shards ${missing.slice(0, 20).join(', ')}${missing.length > 20 ? ` and ${missing.length - 20} more` : ''} are not finished`
      : 'the shards are finished, but were not gathered'
  throw new UserError({
    where: job.folder,
    problem: what,
    hint: 'See the folder logs in it. The same command again submits what is missing.',
  })
}

function timeLeft(done: number, left: number, ms: number): string {
  if (done <= 0 || left === 0) return ''
  return `, about ${Math.ceil(((ms / done) * left) / 60_000)} min left`
}

function recordOf(engine: BatchEngine, { name, experiment, shards }: ArrayJob): JobFile {
  const record = { schema: 1, pilotlight: VERSION, engine: engine.id, name, experiment, shards }
  return { path: RECORD, text: `${JSON.stringify(record, null, 2)}\n` }
}

/** Throws a UserError unless a folder is new, empty, or holds the same job. */
async function claimFolder(folder: string, record: JobFile): Promise<void> {
  await makeFolder(folder)
  const entries = await namesIn(folder)
  if (entries.length === 0) return
  const before = await readFile(join(folder, RECORD), 'utf8').catch(() => undefined)
  if (before !== undefined && sameJob(before, record.text)) return
  const problem = before === undefined ? 'expected a new or empty folder, found files in it' : 'it holds another job'
  throw new UserError({ where: folder, problem, hint: 'Choose another --out.' })
}

/** Whether two records have the same experiment and number of shards. Another engine may go on with the job. */
function sameJob(a: string, b: string): boolean {
  return identityOf(a) !== undefined && identityOf(a) === identityOf(b)
}

function identityOf(text: string): string | undefined {
  try {
    const { name, experiment, shards } = JSON.parse(text) as Record<string, unknown>
    return JSON.stringify([name, experiment, shards])
  } catch {
    return undefined
  }
}

function writeJobFile(folder: string, { path, text, isProgram }: JobFile): Promise<void> {
  return replaceFile(join(folder, path), async (file) => {
    await file.writeFile(text)
    if (isProgram) await file.chmod(0o755)
  })
}
