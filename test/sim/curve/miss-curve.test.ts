import { describe, expect, it } from 'vitest'
import { kneeOf, memoryFor, type MissCurve, missesAt } from '../../../src/sim/curve/miss-curve.ts'

/** A curve of steps, the largest app having 100 MB. */
function curve(steps: readonly (readonly [sizeMb: number, misses: number])[]): MissCurve {
  const misses = Float64Array.from(steps, ([, count]) => count)
  return {
    sizeMb: Float64Array.from(steps, ([size]) => size),
    misses,
    stepMb: 1,
    invocations: misses[0]!,
    firstUses: misses.at(-1)!,
    largestMb: 100,
    usedMb: 1000,
  }
}

const STEEP = curve([
  [0, 100],
  [50, 90],
  [200, 20],
  [400, 15],
  [500, 10],
])

describe('misses at a size', () => {
  it('are those of the last step that fits', () => {
    expect([0, 49, 50, 199, 200, 499, 500, 1e9].map((size) => missesAt(STEEP, size))).toEqual([
      100,
      90 + 10,
      90,
      90,
      20,
      15,
      10,
      10,
    ])
  })

  it('are those of no memory below 0', () => {
    expect(missesAt(STEEP, -5)).toBe(100)
  })
})

describe('the memory for a number of misses', () => {
  it('is the least that keeps them', () => {
    expect([100, 99, 90, 89, 20, 12, 10].map((most) => memoryFor(STEEP, most))).toEqual([0, 50, 50, 200, 200, 500, 500])
  })

  it('is none below the first uses', () => {
    expect(memoryFor(STEEP, 9)).toBeUndefined()
  })
})

describe('the knee', () => {
  it('lies furthest below the line from the largest app to the floor', () => {
    //   from (100, 90) to (500, 10); by then gained: at 200 7/8 of the fall for 1/4 of the memory, at 400 75/80 for 3/4
    expect(kneeOf(STEEP)).toBe(200)
  })

  it('is the first of equally good sizes', () => {
    const even = curve([
      [0, 100],
      [150, 60],
      [250, 35],
      [500, 0],
    ])
    //   gained less spent: 0.4 - 0.125 = 0.275, 0.65 - 0.375 = 0.275, 0
    expect(kneeOf(even)).toBe(150)
  })

  it('is none where the curve does not fall beyond the largest app', () => {
    expect(
      kneeOf(
        curve([
          [0, 9],
          [100, 3],
        ]),
      ),
    ).toBeUndefined()
    expect(kneeOf(curve([[0, 9]]))).toBeUndefined()
  })

  it('is none where the curve lies above the line', () => {
    expect(
      kneeOf(
        curve([
          [0, 100],
          [499, 99],
          [500, 0],
        ]),
      ),
    ).toBeUndefined()
  })
})
