import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { heldAfterFall } from '../../../src/export/schedule/after-fall.ts'
import { cycleMinutes, levelAt, NO_FLOOR } from '../../../src/policy/plan/floor.ts'
import { floors } from '../../policy/plan/arbitrary-plan.ts'
import { DAILY } from '../exported.ts'

describe('what a scaler holds after a schedule fell', () => {
  it('is all instances for the one time, the last one for the other, and then none', () => {
    expect(heldAfterFall(DAILY, { allS: 600, lastS: 1830 })).toEqual({
      cycle: 'day',
      steps: [
        { minute: 160, instances: 1 },
        { minute: 495, instances: 4 },
        { minute: 1035, instances: 1 },
        { minute: 1055.5, instances: 0 },
        { minute: 1425, instances: 2 },
      ],
    })
  })

  it('is the schedule itself where nothing is held, and no schedule where there is none', () => {
    fc.assert(
      fc.property(floors, (floor) => {
        const held = heldAfterFall(floor, { allS: 0, lastS: 0 })
        for (let minute = 0; minute < cycleMinutes(floor); minute += 31) {
          expect(levelAt(held, minute)).toBe(levelAt(floor, minute))
        }
      }),
      { numRuns: 50 },
    )
    expect(heldAfterFall(NO_FLOOR, { allS: 60, lastS: 600 })).toEqual(NO_FLOOR)
  })

  it('is the highest level of the seconds before, found second by second', () => {
    const spans = fc.record({ allS: fc.nat(900), lastS: fc.nat(2400) })
    fc.assert(
      fc.property(floors, spans, fc.nat(86_399), (floor, { allS, lastS }, second) => {
        const highest = (span: number): number =>
          Math.max(...Array.from({ length: span + 1 }, (_, ago) => levelAt(floor, (second - ago) / 60)))
        const wanted = highest(lastS) === 0 ? 0 : Math.max(1, highest(allS))
        expect(levelAt(heldAfterFall(floor, { allS, lastS }), second / 60)).toBe(wanted)
      }),
      { numRuns: 60 },
    )
  })

  it('is held for ever where it would be held for a whole day', () => {
    expect(heldAfterFall(DAILY, { allS: 86_400, lastS: 86_400 }).steps).toEqual([{ minute: 0, instances: 4 }])
    expect(heldAfterFall(DAILY, { allS: 0, lastS: 700_000 }).steps.every(({ instances }) => instances > 0)).toBe(true)
  })
})
