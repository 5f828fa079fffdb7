import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  constantFloor,
  cycleMinutes,
  type Floor,
  floorOfLevels,
  higherFloor,
  levelAt,
  levelsOf,
  NO_FLOOR,
} from '../../../src/policy/plan/floor.ts'
import { floors } from './arbitrary-plan.ts'

const OFFICE: Floor = {
  cycle: 'day',
  steps: [
    { minute: 480, instances: 3 },
    { minute: 1020, instances: 1 },
  ],
}

describe('a floor', () => {
  it('holds its last step over midnight', () => {
    expect([0, 479, 480, 1019, 1020, 1439, 1440 + 480].map((minute) => levelAt(OFFICE, minute))).toEqual([
      1, 1, 3, 3, 1, 1, 3,
    ])
  })

  it('of a week begins on Monday', () => {
    const monday: Floor = {
      cycle: 'week',
      steps: [
        { minute: 0, instances: 2 },
        { minute: 1440, instances: 0 },
      ],
    }
    expect([0, 1439, 1440, 10_079, 10_080].map((minute) => levelAt(monday, minute))).toEqual([2, 2, 0, 0, 2])
  })

  it('without steps is 0, with one step always the same', () => {
    expect(levelAt(NO_FLOOR, 77)).toBe(0)
    expect(levelAt(constantFloor(4), 77)).toBe(4)
    expect(constantFloor(0)).toBe(NO_FLOOR)
    expect(levelsOf(NO_FLOOR).every((level) => level === 0)).toBe(true)
  })

  it('has the same levels minute by minute however they are asked for, and is found again from them', () => {
    fc.assert(
      fc.property(floors, (floor) => {
        const levels = levelsOf(floor)
        expect([...levels]).toEqual(Array.from({ length: cycleMinutes(floor) }, (_, minute) => levelAt(floor, minute)))
        const again = floorOfLevels(floor.cycle, levels)
        expect(levels.findIndex((level, minute) => levelAt(again, minute) !== level)).toBe(-1)
        expect(again.steps.length).toBeLessThanOrEqual(Math.max(1, floor.steps.length))
      }),
      { numRuns: 100 },
    )
  })

  it('that is the higher of two is so at every minute of the week', () => {
    fc.assert(
      fc.property(floors, floors, (a, b) => {
        const both = higherFloor(a, b)
        const minutes = Array.from({ length: 1440 }, (_, each) => each * 7)
        const other = minutes.find(
          (minute) => levelAt(both, minute) !== Math.max(levelAt(a, minute), levelAt(b, minute)),
        )
        expect(other).toBeUndefined()
      }),
      { numRuns: 50 },
    )
  })
})
