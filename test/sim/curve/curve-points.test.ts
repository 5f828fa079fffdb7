import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { floorMb, pointAt, pointsOf } from '../../../src/sim/curve/curve-points.ts'
import { type MissCurve, missesAt } from '../../../src/sim/curve/miss-curve.ts'

/** A curve that loses one of its invocations at each of these sizes, the largest app having 4 MB. */
function curve(sizes: readonly number[], stepMb = 1): MissCurve {
  return {
    sizeMb: Float64Array.from([0, ...sizes]),
    misses: Float64Array.from({ length: sizes.length + 1 }, (_, row) => sizes.length + 1 - row),
    stepMb,
    invocations: sizes.length + 1,
    firstUses: 1,
    largestMb: 4,
    usedMb: 1000,
  }
}

describe('the points of a curve', () => {
  it('are its steps from the largest app to the floor, where these are few', () => {
    expect(pointsOf(curve([2, 6, 9, 300]), 10)).toEqual([
      { memoryMb: 4, coldStarts: 4, coldShare: 0.8 },
      { memoryMb: 6, coldStarts: 3, coldShare: 0.6 },
      { memoryMb: 9, coldStarts: 2, coldShare: 0.4 },
      { memoryMb: 300, coldStarts: 1, coldShare: 0.2 },
    ])
  })

  it('are at equal ratios where the steps are many', () => {
    const many = curve(Array.from({ length: 1021 }, (_, index) => 4 + index))
    expect(pointsOf(many, 5).map(({ memoryMb }) => memoryMb)).toEqual([4, 16, 64, 256, 1024])
  })

  it('are no more than asked for, multiples of the step, growing, and on the curve', () => {
    const sizes = fc.uniqueArray(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 300 })
    fc.assert(
      fc.property(sizes, fc.integer({ min: 2, max: 40 }), fc.constantFrom(0.25, 1, 2), (steps, most, stepMb) => {
        const made = curve(
          steps.toSorted((a, b) => a - b).map((size) => size * stepMb),
          stepMb,
        )
        const points = pointsOf(made, most)
        const at = points.map(({ memoryMb }) => memoryMb)
        expect(points.length).toBeLessThanOrEqual(most)
        expect(at).toEqual([...new Set(at)].toSorted((a, b) => a - b))
        expect(at.every((mb) => Number.isInteger(mb / stepMb))).toBe(true)
        expect(points.map(({ coldStarts }) => coldStarts)).toEqual(at.map((mb) => missesAt(made, mb)))
        expect(at.at(-1)).toBe(floorMb(made))
      }),
    )
  })

  it('are one at the largest app where the floor is reached there', () => {
    expect(pointsOf(curve([2, 3]), 10)).toEqual([{ memoryMb: 4, coldStarts: 1, coldShare: 1 / 3 }])
  })
})

it('the cold share of nothing invoked is 0', () => {
  const none = { ...curve([]), misses: new Float64Array(1), invocations: 0, firstUses: 0, largestMb: 0 }
  expect(pointAt(none, 100)).toEqual({ memoryMb: 100, coldStarts: 0, coldShare: 0 })
})
