import { describe, expect, it } from 'vitest'
import { paceOf } from '../../../src/cli/terminal/progress.ts'
import { profileOf } from '../../../src/cli/trace/trace-profile.ts'
import { traceText } from '../../../src/cli/trace/trace-text.ts'
import { TraceBuilder } from '../../../src/trace/build/builder.ts'

/** Two apps of an owner: one with a timer and a busy queue, one with a function that never ran. */
function counts() {
  const builder = new TraceBuilder({ id: 'hand', format: 'made by hand' })
  const timer = builder.functionRow('o', 'a', 'timer')
  const queue = builder.functionRow('o', 'a', 'queue')
  builder.setTrigger(timer, 'timer')
  builder.setTrigger(queue, 'queue')
  builder.addCount(timer, 0, 1)
  builder.addCount(timer, 5, 1)
  builder.addCount(queue, 3, 6)
  builder.setTrigger(builder.functionRow('o', 'b', 'idle'), 'timer')
  const defects = [
    { id: 'x', found: 'rows twice', rule: 'The first counts.', count: 1200, examples: ['a.csv:3', 'a.csv:9'] },
    { id: 'y', found: 'rows thrice', rule: 'None counts.', count: 0, examples: [] },
  ]
  const files = [{ path: 'a.csv', table: 'invocations', day: 1, rows: 3, bytes: 4321 }]
  return builder.build(600_000, { files, defects })
}

describe('the profile of a trace', () => {
  it('adds up counts per trigger and finds the busiest function', () => {
    expect(profileOf(counts())).toMatchObject({
      trace: { id: 'hand', apps: 2, functions: 3, invocations: 8, horizonMs: 600_000, arrivals: 'counts' },
      functionsPerApp: { mean: 1.5, median: 1, most: 2, withOne: 1 },
      triggers: [
        { trigger: 'queue', functions: 1, invocations: 6 },
        { trigger: 'timer', functions: 2, invocations: 2 },
      ],
      busiestFunction: { app: 'o/a', function: 'queue', invocations: 6 },
    })
  })

  it('names no busiest function of a trace in which nothing ran', () => {
    const empty = new TraceBuilder({ id: 'empty', format: 'made by hand' }).build(60_000, { files: [], defects: [] })
    const profile = profileOf(empty)
    expect(profile).toMatchObject({
      busiestFunction: null,
      triggers: [],
      functionsPerApp: { mean: 0, median: 0, most: 0 },
    })
    expect(traceText(profile)).toContain('offers      nothing beyond arrivals')
  })

  it('is printed with every defect that was found, its rule and examples', () => {
    const lines = traceText(profileOf(counts())).split('\n')
    expect(lines).toContain('functions   3; per app: mean 1.5, median 1, most 2; 1 app has one')
    expect(lines).toContain('busiest     queue of o/a: 6 (75.00 %)')
    expect(lines).toContain('trigger    functions  invocations')
    expect(lines).toContain('queue    1 (33.33 %)  6 (75.00 %)')
    expect(lines).toContain('timer    2 (66.67 %)  2 (25.00 %)')
    expect(lines).toContain('a.csv  invocations, day 1  3 rows  4,321 bytes')
    expect(lines.slice(-5)).toEqual([
      'Defects:',
      '1,200 rows twice',
      '    The first counts.',
      '    such as a.csv:3; a.csv:9',
      'Looked for and not found: 1 more kind (--json lists it).',
    ])
  })
})

describe('progress', () => {
  it.each([
    [{ done: 0, total: 10, unit: undefined, ms: 100 }, ''],
    [{ done: 5, total: 10, unit: undefined, ms: 2000 }, '2 s left'],
    [{ done: 25e6, total: 100e6, unit: { name: 'MB', size: 1e6 }, ms: 500 }, '2 s left, 50 MB/s'],
    [{ done: 10, total: 10, unit: { name: 'apps', size: 1 }, ms: 2000 }, '0 s left, 5 apps/s'],
  ])('%o is told as %o', (work, told) => expect(paceOf(work)).toBe(told))
})
