import { describe, expect, it } from 'vitest'
import { parseShard } from '../../src/experiment/shard.ts'

const slurm = (id: number, min: number, count: number, step = 1) => ({
  SLURM_ARRAY_TASK_ID: String(id),
  SLURM_ARRAY_TASK_MIN: String(min),
  SLURM_ARRAY_TASK_COUNT: String(count),
  SLURM_ARRAY_TASK_STEP: String(step),
})

describe('the shard of a machine', () => {
  it('is written as its number of how many', () => {
    expect(parseShard('2/3')).toEqual({ index: 2, count: 3 })
  })

  it.each([
    ['Slurm, counted from 0', slurm(4, 0, 8), { index: 5, count: 8 }],
    ['Slurm, counted from 1', slurm(8, 1, 8), { index: 8, count: 8 }],
    ['Slurm, in steps of 2', slurm(5, 1, 4, 2), { index: 3, count: 4 }],
    ['AWS Batch', { AWS_BATCH_JOB_ARRAY_INDEX: '0', AWS_BATCH_JOB_ARRAY_SIZE: '9' }, { index: 1, count: 9 }],
  ])('is taken from the variables of %s', (_, variables, shard) => {
    expect(parseShard('auto', variables)).toEqual(shard)
  })

  it('needs the number of shards where the engine does not tell it', () => {
    expect(parseShard('auto/5', { JOB_COMPLETION_INDEX: '4' })).toEqual({ index: 5, count: 5 })
    expect(() => parseShard('auto', { JOB_COMPLETION_INDEX: '4' })).toThrow('--shard auto/n')
  })

  it.each([
    ['a part of an array that is submitted again', 'auto/8', slurm(3, 3, 1), '1 members'],
    ['an index beyond the number of shards', 'auto/4', { JOB_COMPLETION_INDEX: '4' }, 'none of 4 members'],
    ['a variable that is no number', 'auto/4', { JOB_COMPLETION_INDEX: 'x' }, 'whole number'],
    ['no array job at all', 'auto', {}, 'none of SLURM_ARRAY_TASK_ID'],
    ['0 of 0', '0/0', {}, 'expected i/n'],
    ['a word', 'automatic', {}, 'expected i/n'],
  ])('is refused for %s', (_, text, variables, problem) => {
    expect(() => parseShard(text, variables)).toThrow(problem)
  })
})
