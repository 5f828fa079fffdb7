import { expect, it } from 'vitest'
import { barSize, INVOCATIONS, paceOf } from '../../../src/cli/terminal/progress.ts'

const COLUMNS = 60

it('the time left comes before the pace, which a narrow terminal cuts off', () => {
  const work = { done: 20e6, total: 60e6, unit: INVOCATIONS, ms: 4000 }
  expect(paceOf(work)).toBe('8 s left, 5 million invocations/s')
  expect(paceOf({ ...work, unit: undefined })).toBe('8 s left')
})

it('a long time left is told in its two largest units', () => {
  expect(paceOf({ done: 1, total: 541, unit: undefined, ms: 10_000 })).toBe('1 h 30 min left')
  expect(paceOf({ done: 5, total: 5, unit: undefined, ms: 10_000 })).toBe('0 s left')
})

it('nothing is told before anything is done', () => {
  expect(paceOf({ done: 0, total: 5, unit: undefined, ms: 10 })).toBe('')
})

it.each(['24 runs', 'reading azure2019-twelve-days-704', 'telling when cold starts were'])(
  'on 60 columns the line of %s has its total, its share and the time left',
  (title) => {
    const note = title.endsWith('runs') ? '16 finished, ' : ''
    const line = `${title} ${'█'.repeat(barSize(title, COLUMNS))} 100 %  ${note}58 s left`
    expect(line.length).toBeLessThanOrEqual(COLUMNS)
  },
)

it('a bar is 20 columns where there is room, and never vanishes', () => {
  expect(barSize('24 runs')).toBe(20)
  expect(barSize('24 runs', 20)).toBe(5)
})
