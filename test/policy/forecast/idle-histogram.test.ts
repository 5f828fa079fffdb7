import { describe, expect, it } from 'vitest'
import { MINUTE } from '../../../src/core/units.ts'
import { IdleHistogram } from '../../../src/policy/forecast/idle-histogram.ts'

const like = { binWidth: MINUTE, range: 240 * MINUTE, cv: 0 }
const idle = (...minutes: readonly number[]) => ({
  idleMs: Float64Array.from(minutes, (minute) => minute * MINUTE),
  times: new Uint32Array(minutes.length).fill(1),
  run: 0,
  nth: 0,
})

/** One idle time of 3 minutes and two of 5. */
function three(headPercent: number, tailPercent: number): IdleHistogram {
  const histogram = new IdleHistogram(240, headPercent, tailPercent)
  histogram.learn(3)
  histogram.learn(5, 2)
  return histogram
}

describe('idle times under which the cut-offs stand', () => {
  it('end before one that moves a cut-off to a bin that reaches its percentage exactly', () => {
    const ways = [
      { head: 50, tail: 99, before: [5, 5], after: [3, 5] },
      { head: 1, tail: 50, before: [3, 5], after: [3, 3] },
    ]
    for (const { head, tail, before, after } of ways) {
      const histogram = three(head, tail)
      expect([histogram.headBin(), histogram.tailBin()]).toEqual(before)
      expect(histogram.learnSteady(idle(3), 1, like)).toBe(0)
      histogram.learn(3)
      expect([histogram.headBin(), histogram.tailBin()]).toEqual(after)
    }
  })

  it('are learnt up to that one', () => {
    const histogram = three(50, 50)
    // At most 5 minutes are four, which are the half of eight and not of nine.
    expect(histogram.learnSteady(idle(5, 9, 9, 9, 9, 9), 6, like)).toBe(5)
    expect([histogram.inBounds, histogram.headBin(), histogram.tailBin()]).toEqual([8, 5, 5])
    expect(histogram.learnSteady(idle(9), 1, like)).toBe(0)
    histogram.learn(9)
    expect(histogram.tailBin()).toBe(9)
  })

  it('end at one that is out of bounds', () => {
    const histogram = three(50, 50)
    expect(histogram.learnSteady(idle(5, 240, 5), 3, like)).toBe(1)
    expect([histogram.inBounds, histogram.outOfBounds]).toEqual([4, 0])
  })
})
