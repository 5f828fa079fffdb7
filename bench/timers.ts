import { TimerHeap } from '../src/core/timer-heap.ts'
import { TimerQueue } from '../src/core/timer-queue.ts'
import { TimerWheel } from '../src/core/timer-wheel.ts'
import type { Timers } from '../src/core/timers.ts'
import { millionsPerSecond, show } from './figure.ts'

// Executions that end as long after they began as others do, but for some jitter: what the queue is for, and what it is
// not for and the wheel is. The plain way is the heap alone.
const TIMERS = 2e6

for (const [pending, jitterMs] of [
  [1, 1],
  [10, 10],
  [100, 100],
  [100, 10_000],
  [10_000, 100_000],
] as const) {
  const lengths = Float64Array.from({ length: 1024 }, (_, index) => pending * 10 + ((index * 7919) % jitterMs))
  const rate = (timers: () => Timers): number =>
    millionsPerSecond(TIMERS, () => {
      const pendingTimers = timers()
      for (let now = 0; now < TIMERS; now += 1) {
        while (pendingTimers.nextTime <= now * 10) pendingTimers.pop()
        pendingTimers.push(now * 10 + lengths[now & 1023]!, 0, now & 1023, 0)
      }
    })
  const plain = millionsPerSecond(TIMERS, () => {
    const heap = new TimerHeap()
    for (let now = 0; now < TIMERS; now += 1) {
      while (heap.nextTime <= now * 10) heap.pop()
      heap.insert(now * 10 + lengths[now & 1023]!, now, now & 1023, 0)
    }
  })
  for (const [name, make] of [
    ['queue', () => new TimerQueue()],
    ['wheel', () => new TimerWheel()],
  ] as const) {
    const what = `timer ${name}, about ${pending} pending, jitter ${jitterMs} ms`
    show({ name: what, value: rate(make), unit: 'M timers/s', plain: { name: 'the heap alone', value: plain } })
  }
}
