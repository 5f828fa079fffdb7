import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { REASONS } from '../../../src/engine/ledger.ts'
import { type LineEntry, WaitingLine } from '../../../src/sim/cluster/waiting-line.ts'

const entry: fc.Arbitrary<LineEntry> = fc.record({
  app: fc.integer({ min: 0, max: 3 }),
  fn: fc.integer({ min: 0, max: 9 }),
  count: fc.integer({ min: 1, max: 1000 }),
  durationMs: fc.integer({ min: 0, max: 1e9 }),
  since: fc.integer({ min: 0, max: 1e12 }),
  reason: fc.constantFrom(...REASONS),
})

describe('a waiting line', () => {
  it('is a queue that knows who is in it, however long it grows', () => {
    // Numbers are how many leave; more than 256 stand in line at times, so that the columns grow and move.
    const steps = fc.array(fc.oneof({ weight: 4, arbitrary: entry }, { weight: 1, arbitrary: fc.nat({ max: 9 }) }), {
      minLength: 300,
      maxLength: 2000,
      size: 'max',
    })
    fc.assert(
      fc.property(steps, (all) => {
        const line = new WaitingLine(4)
        const queue: LineEntry[] = []
        const left: { readonly found: LineEntry; readonly expected: LineEntry }[] = []
        const leave = (): void => {
          left.push({ found: line.first, expected: queue.shift()! })
          line.shift()
        }
        for (const each of all) {
          if (typeof each !== 'number') {
            line.add(each)
            queue.push(each)
          } else for (let more = each; more > 0 && queue.length > 0; more -= 1) leave()
        }
        expect(line.size).toBe(queue.length)
        expect(line.since).toBe(queue[0]?.since ?? Number.POSITIVE_INFINITY)
        for (const app of [0, 1, 2, 3]) expect(line.has(app)).toBe(queue.some((each) => each.app === app))
        while (queue.length > 0) leave()
        expect(line.size).toBe(0)
        expect(left.map(({ found }) => found)).toEqual(left.map(({ expected }) => expected))
      }),
      { numRuns: 50 },
    )
  })
})
