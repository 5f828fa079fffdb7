import { UserError } from '../core/user-error.ts'

/** One of several machines that share an experiment. */
export interface Shard {
  /** From 1 to `count`. */
  readonly index: number
  readonly count: number
}

/** Reads `2/3`, the second of three shards; `auto` takes both from an engine's variables, `auto/3` only which it is. */
export function parseShard(text: string, variables: Variables = {}): Shard {
  const auto = /^auto(?:\/(\d{1,9}))?$/.exec(text)
  if (auto !== null) return arrayMember(variables, auto[1] === undefined ? undefined : Number(auto[1]))
  const [, index = 0, of = 0] = (/^(\d{1,9})\/(\d{1,9})$/.exec(text) ?? []).map(Number)
  if (index >= 1 && index <= of) return { index, count: of }
  const problem = `expected i/n with i from 1 to n, auto or auto/n, found ${JSON.stringify(text)}`
  throw new UserError({ where: '--shard', problem, hint: 'The second of three machines is --shard 2/3.' })
}

/** Variables of the environment. */
type Variables = Readonly<Record<string, string | undefined>>

/** How an engine tells the members of an array job who they are. */
interface ArrayVariables {
  readonly engine: string
  /** The member's number. */
  readonly index: string
  /** The number of the first member: a variable, or a constant of the engine. */
  readonly first: string | number
  /** What the numbers of two neighbours differ by. */
  readonly step?: string
  /** How many members there are; absent where the engine does not tell. */
  readonly count?: string
}

/** Slurm: sbatch(1); Kubernetes: Indexed Jobs; AWS Batch: array jobs, environment variables. */
const ARRAYS: readonly ArrayVariables[] = [
  {
    engine: 'Slurm',
    index: 'SLURM_ARRAY_TASK_ID',
    first: 'SLURM_ARRAY_TASK_MIN',
    step: 'SLURM_ARRAY_TASK_STEP',
    count: 'SLURM_ARRAY_TASK_COUNT',
  },
  { engine: 'Kubernetes', index: 'JOB_COMPLETION_INDEX', first: 0 },
  { engine: 'AWS Batch', index: 'AWS_BATCH_JOB_ARRAY_INDEX', first: 0, count: 'AWS_BATCH_JOB_ARRAY_SIZE' },
]

function arrayMember(variables: Variables, given: number | undefined): Shard {
  const array = ARRAYS.find(({ index }) => variables[index] !== undefined)
  if (array === undefined) {
    const problem = `none of ${ARRAYS.map(({ index }) => index).join(', ')} is set`
    throw new UserError({ where: '--shard auto', problem, hint: 'Outside of an array job, write --shard i/n.' })
  }
  const read = (name: string): number => wholeVariable(variables, name)
  const told = array.count === undefined || variables[array.count] === undefined ? undefined : read(array.count)
  const count = given ?? told
  if (count === undefined) {
    const problem = `${array.engine} does not tell how many members the job has`
    throw new UserError({ where: '--shard auto', problem, hint: 'Write --shard auto/n with their number.' })
  }
  // A part of an array that is submitted again has a smaller count, and begins elsewhere: its numbers would mean other shards.
  if (told !== undefined && told !== count) {
    const problem = `${array.engine} says that the job has ${told} members, and --shard says ${count}`
    throw new UserError({ where: '--shard', problem, hint: 'Write --shard i/n with the number of the shard.' })
  }
  const first = typeof array.first === 'number' ? array.first : read(array.first)
  const step = array.step === undefined || variables[array.step] === undefined ? 1 : read(array.step)
  const index = (read(array.index) - first) / step + 1
  if (Number.isInteger(index) && index >= 1 && index <= count) return { index, count }
  const problem = `${array.index} is ${variables[array.index]}, which is none of ${count} members`
  throw new UserError({ where: '--shard', problem, hint: 'Write --shard i/n with the number of the shard.' })
}

function wholeVariable(variables: Variables, name: string): number {
  const text = variables[name] ?? ''
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new UserError({ where: name, problem: `expected a whole number, found ${JSON.stringify(text)}` })
}
