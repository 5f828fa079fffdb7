import { UserError } from '../core/user-error.ts'

/** One of several machines that share the runs of an experiment. */
export interface Shard {
  /** From 1 to `count`. */
  readonly index: number
  readonly count: number
}

/** Reads `2/3`, the second of three shards. */
export function parseShard(text: string): Shard {
  const [, index = 0, count = 0] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number)
  if (index >= 1 && index <= count) return { index, count }
  const problem = `expected i/n with i from 1 to n, found ${JSON.stringify(text)}`
  throw new UserError({ where: '--shard', problem, hint: 'The second of three machines is --shard 2/3.' })
}

/** Every `count`-th of a list: each member is in exactly one of the shards. */
export function shardOf<T>(list: readonly T[], { index, count }: Shard): readonly T[] {
  return list.filter((_, position) => position % count === index - 1)
}
