import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Dues } from '../../../src/live/fleet/app-timers.ts'

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
        const dues = new Dues(3)
        const standing = new Map<number, Due>()
        const wrong: string[] = []
        let now = 0
        for (const [app, wait, rank, takes] of list) {
          const due = [dues.nextTime, dues.nextRank] as const
          const heard = takes && dues.nextTime < Infinity ? dues.take() : undefined
          if (heard === undefined) {
            const given = [now + wait, rank] as const
            dues.schedule(app, ...given)
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
    const dues = new Dues(2)
    let [heard, most] = [0, 0]
    const YEAR = 365 * 86_400_000
    for (let now = 0; now < 1_000_000; now += 1) {
      // Each call's pre-warm is due before the end of the year that the app is kept.
      dues.schedule(0, now + YEAR, 4)
      dues.schedule(0, now, 2)
      if (dues.nextTime === now && dues.take() === 0) heard += 1
      most = Math.max(most, dues.size)
    }
    expect(heard).toBe(1_000_000)
    expect(most).toBeLessThanOrEqual(1004)
    dues.schedule(1, 1_000_500, 4)
    expect(dues.nextTime).toBe(1_000_500)
  })
})
