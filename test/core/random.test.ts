import { describe, expect, it } from 'vitest'
import { keyOf, RandomStream, streamOf } from '../../src/core/random.ts'

/** The statistic of a chi-squared test of uniformity over 100 cells; its mean is 99, its standard deviation 14. */
function chiSquared(draw: () => number, draws: number): number {
  const cells = new Float64Array(100)
  for (let index = 0; index < draws; index += 1) cells[Math.floor(draw() * 100)]! += 1
  return cells.reduce((sum, count) => sum + (count - draws / 100) ** 2 / (draws / 100), 0)
}

function firstDraws(seed: number, name: string): number[] {
  const stream = streamOf(seed, name)
  return [stream.next(), stream.next(), stream.next()]
}

describe('a random stream', () => {
  it('is the same for the same seed and name, and another for another', () => {
    expect(firstDraws(1, 'app')).toEqual(firstDraws(1, 'app'))
    expect(firstDraws(1, 'app')).not.toEqual(firstDraws(2, 'app'))
    expect(firstDraws(1, 'app')).not.toEqual(firstDraws(1, 'apq'))
    expect(firstDraws(1, 'app')).not.toEqual(firstDraws(1 + 2 ** 32, 'app'))
  })

  it('keeps its bits from version to version', () => {
    const stream = streamOf(42, 'pilotlight')
    expect([keyOf('pilotlight'), stream.next(), stream.next()]).toMatchSnapshot()
  })

  it('fills rows with what it gives one by one, and goes on from there', () => {
    const [filled, single] = [streamOf(3, 'a'), streamOf(3, 'a')]
    const rows = new Uint32Array(10)
    filled.drawInto(rows, 2, 9, 60_000 * 2 ** -32)
    const expected = Array.from({ length: 7 }, () => Math.floor(single.next() * 60_000 * 2 ** -32))
    expect([...rows]).toEqual([0, 0, ...expected, 0])
    expect(filled.next()).toBe(single.next())
  })

  it('draws evenly along one stream', () => {
    const stream = streamOf(1, 'even')
    expect(chiSquared(() => stream.uniform(), 1e6)).toBeLessThan(99 + 5 * 14)
  })

  it('draws evenly over the first numbers of neighbouring streams, as minutes of one function are', () => {
    const stream = new RandomStream()
    const [high, low] = keyOf('function')
    for (const place of [0, 1, 2]) {
      let minute = 0
      const draw = (): number => {
        stream.begin(high, low, 1, minute)
        minute += 1
        for (let skipped = 0; skipped < place; skipped += 1) stream.next()
        return stream.uniform()
      }
      expect(chiSquared(draw, 2e5)).toBeLessThan(99 + 5 * 14)
    }
  })

  it('draws evenly over neighbouring seeds', () => {
    let seed = 0
    const draw = (): number => {
      seed += 1
      return streamOf(seed, 'function').uniform()
    }
    expect(chiSquared(draw, 1e5)).toBeLessThan(99 + 5 * 14)
  })

  it('never gives 0 where a logarithm follows, nor 1 elsewhere', () => {
    const stream = streamOf(1, 'edges')
    stream.next = () => 0
    expect([stream.uniform(), stream.positive()]).toEqual([0, 2 ** -32])
    stream.next = () => 2 ** 32 - 1
    expect([stream.uniform(), stream.positive()]).toEqual([1 - 2 ** -32, 1])
  })
})
