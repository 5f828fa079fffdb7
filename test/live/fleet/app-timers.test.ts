import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppTimers } from '../../../src/live/fleet/app-timers.ts'

type Due = readonly [time: number, rank: number]

function isLater([time, rank]: Due, [other, otherRank]: Due): boolean {
  return time > other || (time === other && rank >= otherRank)
}

describe('the timers of apps', () => {
  it('are heard as if each app had one, the earliest that it was given since it was last heard', () => {
    const steps = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 9 }), fc.constantFrom(2, 4), fc.boolean()),
      { minLength: 1, maxLength: 3000 },
    )
    fc.assert(
      fc.property(steps, (list) => {
        const timers = new AppTimers(3)
        const standing = new Map<number, Due>()
        const wrong: string[] = []
        let now = 0
        for (const [app, wait, rank, takes] of list) {
          const due = [timers.nextTime, timers.nextRank] as const
          const heard = takes && timers.nextTime < Infinity ? timers.take() : undefined
          if (heard === undefined) {
            const given = [now + wait, rank] as const
            timers.schedule(app, ...given)
            const before = standing.get(app)
            if (before === undefined || !isLater(given, before)) standing.set(app, given)
          } else if (heard >= 0) {
            now = due[0]
            const isEarliest = [...standing.values()].every((other) => isLater(other, due))
            if (String(standing.get(heard)) !== String(due) || !isEarliest) wrong.push(`${heard} at ${due}`)
            standing.delete(heard)
          }
        }
        expect(wrong).toEqual([])
      }),
      { numRuns: 50 },
    )
  })

  it('that took the place of later ones do not pile up over a million calls', () => {
    const timers = new AppTimers(2)
    let [heard, most] = [0, 0]
    const YEAR = 365 * 86_400_000
    for (let now = 0; now < 1_000_000; now += 1) {
      // Each call's pre-warm is due before the end of the year that the app is kept.
      timers.schedule(0, now + YEAR, 4)
      timers.schedule(0, now, 2)
      if (timers.nextTime === now && timers.take() === 0) heard += 1
      most = Math.max(most, timers.size)
    }
    expect(heard).toBe(1_000_000)
    expect(most).toBeLessThanOrEqual(1004)
    timers.schedule(1, 1_000_500, 4)
    expect(timers.nextTime).toBe(1_000_500)
  })
})
