import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MINUTE } from '../../../src/core/units.ts'
import { levelAt } from '../../../src/policy/plan/floor.ts'
import { answerFloor, floorOfAnswers } from '../../../src/policy/plan/floor-clock.ts'
import { floors } from './arbitrary-plan.ts'

const start = fc.nat(10_079)

describe('a floor by the clock', () => {
  it('answers its level at every moment, and holds it until it says', () => {
    fc.assert(
      fc.property(floors, start, fc.nat(20 * 1440 * MINUTE), (floor, startMinute, now) => {
        const out = { instances: -1, untilMs: -1 }
        answerFloor(floor, startMinute, now, out)
        const level = (at: number): number => levelAt(floor, startMinute + Math.floor(at / MINUTE))
        expect(out.instances).toBe(level(now))
        expect(out.untilMs).toBeGreaterThan(now)
        const end = Math.min(out.untilMs, now + 8 * 1440 * MINUTE)
        let at = now
        while (at < end && level(at) === out.instances) at += 13 * MINUTE
        expect(at).toBeGreaterThanOrEqual(end)
        expect(level(end - 1)).toBe(out.instances)
      }),
      { numRuns: 100 },
    )
  })

  it('is found again from the answers of a week', () => {
    fc.assert(
      fc.property(floors, start, (floor, startMinute) => {
        const found = floorOfAnswers((_app, now, out) => answerFloor(floor, startMinute, now, out), 0, startMinute)
        let minute = 0
        while (minute < 10_080 && levelAt(found, minute) === levelAt(floor, minute)) minute += 1
        expect(minute).toBe(10_080)
      }),
      { numRuns: 50 },
    )
  })
})
