import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TimerHeap } from '../../src/core/timer-heap.ts'

function take(heap: TimerHeap): [time: number, rank: number, subject: number, detail: number] {
  const next = [heap.nextTime, heap.nextRank, heap.nextSubject, heap.nextDetail] as const
  heap.pop()
  return [...next]
}

describe('the timer heap', () => {
  it('gives timers by time, then by rank, then in the order of scheduling', () => {
    const heap = new TimerHeap()
    heap.push(5, 1, 10, 0)
    heap.push(3, 4, 11, 0)
    heap.push(5, 0, 12, 0)
    heap.push(5, 1, 13, 7)
    expect([take(heap), take(heap), take(heap), take(heap)]).toEqual([
      [3, 4, 11, 0],
      [5, 0, 12, 0],
      [5, 1, 10, 0],
      [5, 1, 13, 7],
    ])
  })

  it('is empty with a next time of Infinity', () => {
    const heap = new TimerHeap()
    expect([heap.size, heap.nextTime]).toEqual([0, Number.POSITIVE_INFINITY])
    heap.push(1, 0, 0, 0)
    heap.clear()
    expect([heap.size, heap.nextTime]).toEqual([0, Number.POSITIVE_INFINITY])
  })

  it('agrees with a stable sort, pushes and pops mixed', () => {
    const push = fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 4 }))
    fc.assert(
      fc.property(fc.array(fc.option(push, { freq: 3 }), { maxLength: 300 }), (steps) => {
        const heap = new TimerHeap()
        const list: [number, number, number, number][] = []
        steps.forEach((step, serial) => {
          if (step !== null) {
            heap.push(step[0], step[1], serial, 7 * serial)
            list.push([step[0], step[1], serial, 7 * serial])
            return
          }
          if (list.length === 0) return
          list.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2])
          expect(take(heap)).toEqual(list.shift())
        })
        expect(heap.size).toBe(list.length)
      }),
    )
  })
})
