import { UserError } from '../../core/user-error.ts'
import { type ArrayJob, gatherWords, type JobFile, shardWords } from '../array-job.ts'
import type { BatchEngine, JobState } from '../batch-engine.ts'
import { printed } from '../program.ts'
import { shellLine } from '../shell.ts'

const SHARDS = 'shards.sbatch'
const GATHER = 'gather.sbatch'
/** Slurm's name for a member's number in the array (sbatch(1), environment variables of output). */
const INDEX = 'SLURM_ARRAY_TASK_ID'

/**
 * Slurm (https://slurm.schedmd.com/job_array.html): an array job of the shards, and a job that gathers them once all of
 * them have ended well.
 */
export const slurm: BatchEngine = {
  id: 'slurm',
  summary: 'Slurm: an array job, and a job that gathers the shards when all have ended well.',
  files(job) {
    const { folder, experiment, settings } = job
    for (const path of [folder, experiment]) demandPlain(path)
    const common = [
      `--cpus-per-task=${job.threads}`,
      `--mem=${Math.ceil(job.memoryMb)}M`,
      `--time=${Math.max(1, Math.ceil(job.limitMs / 60_000))}`,
      ...['partition', 'account'].flatMap((flag) => {
        const value = settings[flag]
        return value === undefined ? [] : [`--${flag}=${plainWord(flag, value)}`]
      }),
      '--requeue',
      '--open-mode=append',
    ]
    const index = `\${${INDEX}}`
    return [
      script(
        SHARDS,
        [`--job-name=${jobName(job)}`, `--array=1-${job.shards}`, `--output=${folder}/logs/shard-%a.log`, ...common],
        // A shard that is started again makes the runs that are missing.
        [`exec ${withIndex(shardWords(job, INDEX), index)}`],
      ),
      script(
        GATHER,
        [`--job-name=${jobName(job)}-gather`, `--output=${folder}/logs/gather.log`, ...common],
        gatherWords(job).map(shellLine),
      ),
    ]
  },
  byHand: ({ shards }) => [
    `shards=$(sbatch --parsable --array=1-${shards} ${SHARDS})`,
    `sbatch --dependency="afterok:$shards" --kill-on-invalid-dep=yes ${GATHER}`,
  ],
  submitter: {
    async submit({ folder }, shards) {
      const array = await submitted([`--array=${ranges(shards)}`, `${folder}/${SHARDS}`])
      const dependency = [`--dependency=afterok:${array}`, '--kill-on-invalid-dep=yes']
      return [array, await submitted([...dependency, `${folder}/${GATHER}`])]
    },
    async state(names) {
      // %K is the number in the array, %T the state in full words; finished jobs are listed for some minutes more.
      const list = await printed('squeue', [
        '--noheader',
        '--array',
        '--states=all',
        `--jobs=${names.join(',')}`,
        '--format=%T',
      ])
      return stateOf(list.split('\n').filter((line) => line !== ''))
    },
  },
}

/** Slurm's states of jobs that wait and that work (squeue(1), JOB STATE CODES); COMPLETED ended well, all others failed. */
const WAITING = ['PENDING', 'REQUEUED', 'REQUEUE_HOLD', 'REQUEUE_FED', 'SPECIAL_EXIT', 'RESV_DEL_HOLD']
const WORKING = ['RUNNING', 'CONFIGURING', 'COMPLETING', 'SUSPENDED', 'STAGE_OUT', 'SIGNALING', 'RESIZING', 'STOPPED']

function stateOf(states: readonly string[]): JobState {
  const count = (among: readonly string[]): number => states.filter((state) => among.includes(state)).length
  const waiting = count(WAITING)
  const working = count(WORKING)
  return {
    waiting,
    working,
    failed: states.length - waiting - working - count(['COMPLETED']),
    isOver: waiting + working === 0,
  }
}

async function submitted(words: readonly string[]): Promise<string> {
  // `--parsable` prints the job's number and, where there are several clusters, a semicolon and the cluster's name.
  const answer = await printed('sbatch', ['--parsable', ...words])
  const id = answer.trim().split(';')[0]!
  if (/^\d+$/.test(id)) return id
  throw new UserError({
    where: 'sbatch',
    problem: `expected the number of a job, found ${JSON.stringify(answer.slice(0, 200))}`,
  })
}

/** `1-3,7` for 1, 2, 3 and 7. */
function ranges(shards: readonly number[]): string {
  const parts: [number, number][] = []
  for (const shard of shards) {
    const last = parts.at(-1)
    if (last !== undefined && last[1] === shard - 1) last[1] = shard
    else parts.push([shard, shard])
  }
  return parts.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(',')
}

function script(path: string, options: readonly string[], body: readonly string[]): JobFile {
  const directives = options.map((option) => `#SBATCH ${option}`)
  return { path, text: `${['#!/bin/bash', ...directives, 'set -eu', ...body].join('\n')}\n`, isProgram: true }
}

/** The words as a line of the shell, with the array's variable in place of its name. */
function withIndex(words: readonly string[], index: string): string {
  return words
    .map((each) => (each.includes(INDEX) ? `"${each.replaceAll(INDEX, index)}"` : shellLine([each])))
    .join(' ')
}

function jobName({ name }: ArrayJob): string {
  return `pilotlight-${name.replaceAll(/[^\w.-]+/g, '-')}`.slice(0, 64)
}

/** In its directives Slurm replaces `%` in paths, and splits them at spaces. */
function demandPlain(path: string): void {
  if (/^[\w@+=:,./-]+$/.test(path)) return
  throw new UserError({
    where: path,
    problem:
      'expected a path of letters, digits and @ + = : , . / - _ only, as a script of Slurm needs, found this one',
    hint: 'Use a folder with a plain name.',
  })
}

function plainWord(flag: string, text: string): string {
  if (/^[\w.,-]+$/.test(text)) return text
  throw new UserError({
    where: `--${flag}`,
    problem: `expected a name of letters, digits, dots and dashes, found ${JSON.stringify(text)}`,
  })
}
