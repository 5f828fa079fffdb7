import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TimerQueue } from '../../src/core/timer-queue.ts'
import { TimerWheel } from '../../src/core/timer-wheel.ts'
import type { Timers } from '../../src/core/timers.ts'

/** Ahead of the latest timer that was taken: at once, soon, at the end of the wheel's span, and far beyond. */
const ahead = fc.oneof(
  fc.integer({ min: 0, max: 3 }),
  fc.integer({ min: 0, max: 500 }),
  fc.integer({ min: 32_760, max: 32_775 }),
  fc.integer({ min: 0, max: 400_000 }),
  fc.constantFrom(0.5, 2.25, 32_767.5),
)
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ ahead, rank: fc.integer({ min: 0, max: 1 }) }) },
  { weight: 2, arbitrary: fc.constant('pop' as const) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 40 }) },
)

function shown(timers: Timers): unknown {
  const { size, nextTime } = timers
  if (size === 0) return { size, nextTime }
  return { size, nextTime, rank: timers.nextRank, subject: timers.nextSubject, detail: timers.nextDetail }
}

describe('a wheel of timers', () => {
  it('shows and gives the same timers as a queue does, near ones and far ones, at every step', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const wheel = new TimerWheel()
        const queue = new TimerQueue()
        let now = 0
        let subject = 0
        const pop = (): void => {
          if (queue.size === 0) return
          now = queue.nextTime
          wheel.pop()
          queue.pop()
        }
        for (const each of steps) {
          if (each === 'pop') pop()
          else if (typeof each === 'number') for (let times = 0; times < each; times += 1) pop()
          else {
            wheel.push(now + each.ahead, each.rank, subject, 7 * subject)
            queue.push(now + each.ahead, each.rank, subject, 7 * subject)
            subject += 1
          }
          expect(shown(wheel)).toEqual(shown(queue))
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('is empty after it was cleared, and begins anew', () => {
    const wheel = new TimerWheel()
    wheel.push(100_000, 1, 1, 1)
    wheel.push(7, 0, 2, 2)
    wheel.pop()
    wheel.clear()
    expect(shown(wheel)).toEqual({ size: 0, nextTime: Number.POSITIVE_INFINITY })
    wheel.push(3, 1, 4, 5)
    expect(shown(wheel)).toEqual({ size: 1, nextTime: 3, rank: 1, subject: 4, detail: 5 })
  })
})
