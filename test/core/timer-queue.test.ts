import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TimerQueue } from '../../src/core/timer-queue.ts'

function take(queue: TimerQueue): [time: number, rank: number, subject: number, detail: number] {
  const next = [queue.nextTime, queue.nextRank, queue.nextSubject, queue.nextDetail] as const
  queue.pop()
  return [...next]
}

describe('the timer queue', () => {
  it('gives timers by time, then by rank, then in the order of scheduling', () => {
    const queue = new TimerQueue()
    queue.push(5, 1, 10, 0)
    queue.push(3, 4, 11, 0)
    queue.push(5, 0, 12, 0)
    queue.push(5, 1, 13, 7)
    expect([take(queue), take(queue), take(queue), take(queue)]).toEqual([
      [3, 4, 11, 0],
      [5, 0, 12, 0],
      [5, 1, 10, 0],
      [5, 1, 13, 7],
    ])
  })

  it('is empty with a next time of Infinity', () => {
    const queue = new TimerQueue()
    expect([queue.size, queue.nextTime]).toEqual([0, Number.POSITIVE_INFINITY])
    queue.push(1, 0, 0, 0)
    queue.clear()
    expect([queue.size, queue.nextTime]).toEqual([0, Number.POSITIVE_INFINITY])
  })

  it('agrees with a stable sort, pushes and pops mixed', () => {
    const push = fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 4 }))
    fc.assert(
      fc.property(fc.array(fc.option(push, { freq: 3 }), { maxLength: 300 }), (steps) => {
        const queue = new TimerQueue()
        const list: [number, number, number, number][] = []
        steps.forEach((step, serial) => {
          if (step !== null) {
            queue.push(step[0], step[1], serial, 7 * serial)
            list.push([step[0], step[1], serial, 7 * serial])
            return
          }
          if (list.length === 0) return
          list.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2])
          expect(take(queue)).toEqual(list.shift())
        })
        expect(queue.size).toBe(list.length)
      }),
    )
  })
})
