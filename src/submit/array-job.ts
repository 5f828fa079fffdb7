import { UserError } from '../core/user-error.ts'

/** An experiment that the members of one array job share: each makes its shard of the runs and keeps it in a store of its own. */
export interface ArrayJob {
  /** The experiment's name. */
  readonly name: string
  /** Absolute path of its file, the same on every machine. */
  readonly experiment: string
  /** Absolute path of the folder that all machines share: stores, logs, and in the end the results and the report. */
  readonly folder: string
  readonly shards: number
  /** Threads of each shard, at least 1. */
  readonly threads: number
  /** Memory of each shard in MB. */
  readonly memoryMb: number
  /** How long a shard may take at most, in ms. */
  readonly limitMs: number
  /** The command that is pilotlight on those machines, as separate words. */
  readonly command: readonly string[]
  /** Settings that only some engines need, by their flags: `image`, `claim`, `partition`. */
  readonly settings: Readonly<Record<string, string>>
}

/** A file of a job; `path` is relative to the job's folder. */
export interface JobFile {
  readonly path: string
  readonly text: string
  readonly isProgram?: true
}

/** The store of a shard, from 1 to `shards`, relative to the job's folder. */
export function shardStore(index: number | string): string {
  return `shards/${index}.sqlite`
}

/** The store that all shards are merged into, and the report on it, relative to the job's folder. */
export const MERGED_STORE = 'results.sqlite'
export const REPORT = 'report'

/** The command of a member of the array. `index` is its number from 1 on, or the engine's variable for it. */
export function shardWords(job: ArrayJob, index: string): readonly string[] {
  const { command, experiment, folder, shards, threads } = job
  const store = `${folder}/${shardStore(index)}`
  return [...command, 'run', experiment, '--shard', `${index}/${shards}`, '--jobs', String(threads), '--store', store]
}

/** The commands that gather the shards when all are done: one store, then a report. */
export function gatherWords({ command, folder, shards }: ArrayJob): readonly (readonly string[])[] {
  const stores = Array.from({ length: shards }, (_, index) => `${folder}/${shardStore(index + 1)}`)
  const merged = `${folder}/${MERGED_STORE}`
  return [
    [...command, 'merge', ...stores, '--shards', String(shards), '--out', merged],
    [...command, 'report', merged, '--out', `${folder}/${REPORT}`],
  ]
}

/** A setting that an engine needs. Throws a UserError that says what it is for. */
export function neededSetting({ settings }: ArrayJob, flag: string, what: string): string {
  const value = settings[flag]
  if (value !== undefined) return value
  throw new UserError({ where: `--${flag}`, problem: 'it must be given', hint: `It names ${what}.` })
}
