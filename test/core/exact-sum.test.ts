import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exactSum } from '../../src/core/exact-sum.ts'

/** The sum as a fraction over 2^1074, rounded once by the conversion of an exact decimal text. */
function bySlowArithmetic(values: readonly number[]): number {
  const unit = 2n ** 1074n
  const sum = values.reduce((total, value) => total + asUnits(value), 0n)
  const magnitude = sum < 0n ? -sum : sum
  const digits = `${magnitude / unit}.${(((magnitude % unit) * 10n ** 1100n) / unit).toString().padStart(1100, '0')}`
  return Number(digits) * (sum < 0n ? -1 : 1)
}

function asUnits(value: number): bigint {
  let exponent = 0
  let scaled = value
  while (!Number.isInteger(scaled)) {
    scaled *= 2
    exponent += 1
  }
  return BigInt(scaled) * 2n ** BigInt(1074 - exponent)
}

describe('the exact sum', () => {
  it('keeps what plain addition loses', () => {
    expect(exactSum([1e100, 1, -1e100])).toBe(1)
    expect(exactSum([0.1, 0.2, 0.3, -0.6])).toBe(2.7755575615628914e-17)
    expect(exactSum([])).toBe(0)
  })

  it('is the true sum rounded once', () => {
    const values = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 }), {
      maxLength: 20,
    })
    fc.assert(
      fc.property(values, (list) => exactSum(list) === bySlowArithmetic(list)),
      { numRuns: 300 },
    )
  })

  it('is the true sum of whole numbers, also of those beyond what plain addition keeps', () => {
    const whole = fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.constantFrom(2 ** 53, -(2 ** 60), 2 ** 53 - 1, 3, 1))
    fc.assert(
      fc.property(fc.array(whole, { maxLength: 20 }), (list) => exactSum(list) === bySlowArithmetic(list)),
      { numRuns: 300 },
    )
    expect(exactSum(Float64Array.of(2 ** 53, 1, 1))).toBe(2 ** 53 + 2)
    expect(exactSum([2 ** 53, 1, -(2 ** 53)])).toBe(1)
  })

  it('has the same bits in any order and grouping', () => {
    const values = fc.array(fc.double({ noNaN: true, min: -1e15, max: 1e15 }), { maxLength: 50 })
    fc.assert(fc.property(values, (list) => exactSum(list.toReversed()) === exactSum(list)))
  })
})
