import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NEVER_USED, RecencyStack } from '../../../src/sim/curve/recency-stack.ts'
import { RecencyList } from './recency-list.ts'

function distances(size: readonly number[], apps: readonly number[]): number[] {
  const stack = new RecencyStack(Float64Array.from(size))
  return apps.map((app) => stack.use(app))
}

describe('the reuse distance of an arrival', () => {
  it('is the memory of the distinct apps since the last use of its app, itself included', () => {
    //   sizes a=1 b=10 c=100          since its last use
    //   a                             (first)
    //   b                             (first)
    //   a   a b a                     1 + 10
    //   c                             (first)
    //   c   c c                       100
    //   a   a c c a                   1 + 100
    //   b   b a c c a b               10 + 1 + 100: a and c count once
    const [a, b, c] = [0, 1, 2]
    const firsts = NEVER_USED
    expect(distances([1, 10, 100], [a, b, a, c, c, a, b])).toEqual([firsts, firsts, 11, firsts, 100, 101, 111])
  })

  it('is what a list in recency order gives, over many renumberings of the positions', () => {
    const size = fc.array(fc.integer({ min: 1, max: 1e6 }), { minLength: 1, maxLength: 40 })
    // Squares are denser near 0: some apps are used far more often than others.
    const uses = fc.array(fc.nat(999), { minLength: 4000, maxLength: 6000 })
    fc.assert(
      fc.property(size, uses, (sizes, draws) => {
        const apps = draws.map((draw) => Math.floor((draw / 1000) ** 2 * sizes.length))
        const list = new RecencyList(Float64Array.from(sizes))
        expect(distances(sizes, apps)).toEqual(apps.map((app) => list.use(app)))
      }),
      { numRuns: 60 },
    )
  })

  it('stays right where there are more apps than the fewest positions', () => {
    const apps = 3000
    const sizes = Array.from({ length: apps }, (_, app) => 1 + (app % 7))
    const all = sizes.reduce((sum, size) => sum + size, 0)
    const rounds = Array.from({ length: 12 * apps }, (_, use) => use % apps)
    const found = distances(sizes, rounds)
    expect(found.slice(0, apps).every((distance) => distance === NEVER_USED)).toBe(true)
    expect(found.slice(apps).every((distance) => distance === all)).toBe(true)
  })
})
