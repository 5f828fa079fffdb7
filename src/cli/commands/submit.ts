import { resolve } from 'node:path'
import { UserError } from '../../core/user-error.ts'
import type { ArrayJob } from '../../submit/array-job.ts'
import { type Arguments, type Command, JSON_FLAG } from '../arguments/command.ts'
import { print, printJson, say } from '../terminal/output.ts'
import { wholeNumber } from '../arguments/whole-number.ts'

/** Flags that only some engines need; they reach the engine as they are. */
const SETTINGS = {
  partition: { describe: 'Slurm: the partition.', takes: 'name' },
  account: { describe: 'Slurm: the account.', takes: 'name' },
  image: { describe: 'Kubernetes and AWS Batch: the image of pilotlight.', takes: 'name' },
  namespace: { describe: 'Kubernetes: the namespace; by default default.', takes: 'name' },
  claim: { describe: 'Kubernetes: the PersistentVolumeClaim that all pods share.', takes: 'name' },
  'file-system': { describe: 'AWS Batch: the EFS file system that all members share.', takes: 'id' },
  queue: { describe: 'AWS Batch: the job queue.', takes: 'name' },
  mount: { describe: 'Where containers find the shared volume; by default at --out.', takes: 'folder' },
} as const

/** The ids of the engines, for completion. */
async function engines(): Promise<readonly string[]> {
  return (await import('../../submit/engines/index.ts')).BATCH_ENGINES.ids
}

export const submitCommand: Command = {
  usage: 'submit <experiment>',
  summary: 'Runs an experiment as an array job of an engine: shards, then one store and a report.',
  words: { experiment: 'An experiment file (.yaml) on a folder that all machines share.' },
  flags: {
    to: {
      describe: 'The engine: slurm, kubernetes or aws-batch.',
      takes: 'engine',
      required: true,
      completes: engines,
    },
    out: {
      describe: 'A folder that all machines share, for scripts, stores, logs and the report.',
      takes: 'folder',
      required: true,
    },
    shards: { describe: 'Members of the array; by default 4.', takes: 'n' },
    jobs: { describe: 'Threads of each shard; by default 1.', takes: 'n' },
    memory: { describe: 'Memory of each shard; by default 4GB.', takes: 'size' },
    limit: { describe: 'How long a shard may take at most; by default 4h.', takes: 'duration' },
    command: {
      describe: 'The program that is pilotlight on those machines; by default this one, in an image pilotlight.',
      takes: 'file',
    },
    ...SETTINGS,
    'files-only': { describe: 'Write the files, and submit nothing.' },
    wait: { describe: 'Wait until the report is there.' },
    json: JSON_FLAG,
  },
  example: [
    'submit experiments/capacity.yaml --to slurm --out /shared/capacity --shards 16 --wait',
    'spreads the runs over sixteen members of an array job',
  ],
  async run(args) {
    const { BATCH_ENGINES } = await import('../../submit/engines/index.ts')
    const { submitArray, waitFor } = await import('../../submit/submission.ts')
    const engine = BATCH_ENGINES.get(args.needed('to'), '--to')
    const job = await jobOf(args)
    const told = args.on('quiet') ? () => {} : say
    const submission = await submitArray(engine, job, { filesOnly: args.on('files-only'), say: told })
    if (args.on('wait') && submission.names.length > 0) await waitFor(engine, job, submission.names, told)
    if (args.on('json')) return printJson({ schema: 1, engine: engine.id, ...submission })
    print(submission.files.map((path) => `${job.folder}/${path}`).join('\n'))
    if (submission.names.length === 0 && submission.shards.length > 0) {
      print(['', `To submit it, in ${job.folder}:`, ...engine.byHand(job).map((line) => `  ${line}`)].join('\n'))
    }
  },
}

async function jobOf(args: Arguments): Promise<ArrayJob> {
  const { readExperiment } = await import('../../config/experiment-file.ts')
  const { readMemorySizes } = await import('../arguments/memory-sizes.ts')
  const experiment = await readExperiment(args.needed('experiment'))
  const command = args.text('command')
  const program = command === undefined ? undefined : oneLine('command', command)
  const settings = Object.fromEntries(
    Object.keys(SETTINGS).flatMap((flag) => {
      const text = args.text(flag)
      return text === undefined ? [] : [[flag, oneLine(flag, text)] as const]
    }),
  )
  return {
    name: experiment.name,
    experiment: resolve(args.needed('experiment')),
    folder: resolve(args.needed('out')),
    shards: wholeNumber('shards', args.text('shards'), 1, 4),
    threads: wholeNumber('jobs', args.text('jobs'), 1, 1),
    memoryMb: oneSize(readMemorySizes('memory', args.text('memory'))),
    limitMs: await limitOf(args),
    command: program === undefined ? ownProgram('image' in settings) : [program],
    settings,
  }
}

/** How a job calls pilotlight by default: by the path that runs here, or in an image by its name. */
function ownProgram(isInImage: boolean): readonly string[] {
  return isInImage ? ['pilotlight'] : [process.execPath, resolve(process.argv[1]!)]
}

/** A text that becomes a part of a line of a script. */
function oneLine(flag: string, text: string): string {
  if (!/\p{Cc}/u.test(text)) return text
  const problem = `expected a text of one line without control characters, found ${JSON.stringify(text)}`
  throw new UserError({ where: `--${flag}`, problem })
}

function oneSize(sizes: readonly number[] | undefined): number {
  const [mb = 4096, ...others] = sizes ?? []
  if (others.length === 0) return mb
  throw new UserError({ where: '--memory', problem: `expected one memory size, found ${1 + others.length}` })
}

async function limitOf(args: Arguments): Promise<number> {
  const { HOUR, parseDuration } = await import('../../core/units.ts')
  const text = args.text('limit')
  if (text === undefined) return 4 * HOUR
  const ms = parseDuration(text)
  if (ms !== undefined && ms > 0) return ms
  throw new UserError({
    where: '--limit',
    problem: `expected a duration such as 90m or 4h, found ${JSON.stringify(text)}`,
  })
}
