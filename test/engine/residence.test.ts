import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLedger } from '../../src/engine/ledger.ts'
import { addResidence, addResidences } from '../../src/engine/residence.ts'

const DAY = 86_400_000

describe('a timeline', () => {
  it('has of residences that repeat what it has of each by itself', () => {
    // Steps that divide its buckets of three minutes, that do not, and that pass buckets over.
    const stepMs = fc.oneof(
      fc.constantFrom(60_000, 90_000, 120_000, 180_000, 360_000, 540_000),
      fc.integer({ min: 1, max: 2_000_000 }),
    )
    fc.assert(
      fc.property(
        stepMs,
        fc.nat(40),
        fc.nat(DAY / 2),
        fc.nat(1_000_000),
        fc.integer({ min: 0, max: 9 }),
        (step, most, fromMs, length, units) => {
          const times = Math.min(most, Math.floor((DAY - fromMs - length) / step))
          const [together, single] = [createLedger(1, DAY).timeline, createLedger(1, DAY).timeline]
          addResidences(together, fromMs, length, units, { times, stepMs: step })
          for (let each = 0; each < times; each += 1) {
            addResidence(single, fromMs + each * step, fromMs + each * step + length, DAY, units)
          }
          expect([together.area, together.slope]).toEqual([single.area, single.slope])
        },
      ),
    )
  })
})
