import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changesIn, cheapestSchedule, type LevelCosts } from '../../../src/policy/plan/floor-schedule.ts'

/** Tries every schedule there is. */
function tryingAll({ levels, parts, cost }: LevelCosts, most: number): { cost: number; changes: number } {
  let best = { cost: Number.POSITIVE_INFINITY, changes: 0 }
  const choice = new Uint32Array(parts)
  for (let code = 0; code < levels.length ** parts; code += 1) {
    for (let part = 0, rest = code; part < parts; part += 1, rest = Math.floor(rest / levels.length)) {
      choice[part] = rest % levels.length
    }
    const changes = changesIn(choice)
    const price = choice.reduce((sum, level, part) => sum + cost[part * levels.length + level]!, 0)
    if (changes > most || price > best.cost || (price === best.cost && changes >= best.changes)) continue
    best = { cost: price, changes }
  }
  return best
}

const costs: fc.Arbitrary<LevelCosts> = fc
  .record({ width: fc.integer({ min: 1, max: 3 }), parts: fc.integer({ min: 1, max: 6 }) })
  .chain(({ width, parts }) =>
    fc.array(fc.nat(4), { minLength: width * parts, maxLength: width * parts }).map((cost) => ({
      levels: Array.from({ length: width }, (_, level) => level),
      parts,
      cost: Float64Array.from(cost),
    })),
  )

describe('the cheapest schedule', () => {
  it('costs and changes as little as the best of all schedules, whatever the limit', () => {
    fc.assert(
      fc.property(costs, fc.nat(6), (given, most) => {
        const found = cheapestSchedule(given, most)
        const price = found.choice.reduce(
          (sum, level, part) => sum + given.cost[part * given.levels.length + level]!,
          0,
        )
        expect(found.cost).toBe(price)
        expect(found.changes).toBe(changesIn(found.choice))
        expect({ cost: found.cost, changes: found.changes }).toEqual(tryingAll(given, most))
      }),
      { numRuns: 2000 },
    )
  })

  it('keeps one level over a short dip where it may not change often enough', () => {
    // Level 0 is free in parts 0 and 2, level 1 in parts 1 and 3; the other one costs 1, but 5 in part 1.
    const given = { levels: [0, 1], parts: 4, cost: Float64Array.of(0, 1, 5, 0, 0, 1, 1, 0) }
    expect(cheapestSchedule(given, 4)).toEqual({ choice: Uint32Array.of(0, 1, 0, 1), cost: 0, changes: 4 })
    expect(cheapestSchedule(given, 3)).toMatchObject({ cost: 1, changes: 2 })
    expect(cheapestSchedule(given, 1)).toEqual({ choice: Uint32Array.of(1, 1, 1, 1), cost: 2, changes: 0 })
  })
})
