import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Tally } from '../../src/core/tally.ts'

/** What a tally holds, as pairs. */
function pairs(tally: Tally): [number, number][] {
  const { keys, counts } = tally.entries()
  return Array.from(keys, (key, place) => [key, counts[place]!])
}

/** The same of a map. */
function pairsOf(map: ReadonlyMap<number, number>): [number, number][] {
  return [...map].filter(([, count]) => count !== 0).sort(([a], [b]) => a - b)
}

describe('a tally', () => {
  it('adds up what comes under one key, and lists the keys in ascending order', () => {
    const tally = new Tally()
    for (const [key, count] of [
      [7, 2],
      [0, 1],
      [7, 3],
      [2 ** 40, -4],
    ] as const)
      tally.add(key, count)
    expect(pairs(tally)).toEqual([
      [0, 1],
      [7, 5],
      [2 ** 40, -4],
    ])
  })

  it('is empty at first, and again where everything cancels', () => {
    const tally = new Tally()
    expect(pairs(tally)).toEqual([])
    tally.add(3, 5)
    tally.add(3, -5)
    expect(pairs(tally)).toEqual([])
    tally.add(3, 1)
    expect(pairs(tally)).toEqual([[3, 1]])
  })

  it('keeps keys apart that differ in their high bits only', () => {
    const tally = new Tally()
    for (let high = 0; high < 2 ** 20; high += 2 ** 14 + 1) tally.add(high * 2 ** 32 + 5, high + 1)
    expect(pairs(tally)).toEqual(
      Array.from({ length: 64 }, (_, index) => index * (2 ** 14 + 1)).map((high) => [high * 2 ** 32 + 5, high + 1]),
    )
  })

  it('is a map from keys to sums', () => {
    const key = fc.oneof(
      fc.nat(40),
      fc.nat(2 ** 30),
      fc.maxSafeNat(),
      fc.nat(99).map((row) => row * 2 ** 13),
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(key, fc.integer({ min: -3, max: 3 })), { maxLength: 400 }), (entries) => {
        const tally = new Tally()
        const map = new Map<number, number>()
        for (const [under, count] of entries) {
          tally.add(under, count)
          map.set(under, (map.get(under) ?? 0) + count)
        }
        expect(pairs(tally)).toEqual(pairsOf(map))
      }),
    )
  })

  it('holds many keys, of which half cancel', () => {
    const tally = new Tally()
    const map = new Map<number, number>()
    for (let row = 0; row < 100_000; row += 1) {
      const key = (row * 2_654_435_761) % 2 ** 45
      tally.add(key, row)
      map.set(key, (map.get(key) ?? 0) + row)
    }
    for (const [key, count] of [...map].filter((_, index) => index % 2 === 0)) {
      tally.add(key, -count)
      map.set(key, 0)
    }
    expect(pairs(tally)).toEqual(pairsOf(map))
  })
})
