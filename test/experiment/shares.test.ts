import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Share, sharesOf } from '../../src/experiment/shares.ts'

const byApp = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => ({ digest: `divisible ${from + index}`, byApp: true }))
const whole = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ digest: `whole ${index}`, byApp: false }))
const written = (shares: readonly Share[]) =>
  shares.map(({ position, part, shard }) => `${shard}: ${position}${part ? ` ${part.part}/${part.parts}` : ''}`)

describe('the shares of an experiment', () => {
  it('are whole runs where there are enough of them', () => {
    expect(written(sharesOf(byApp(4), 100, 2))).toEqual(['1: 0', '2: 1', '1: 2', '2: 3'])
  })

  it('are parts of the one run that there is', () => {
    expect(written(sharesOf(byApp(1), 100, 3))).toEqual(['1: 0 1/3', '2: 0 2/3', '3: 0 3/3'])
  })

  it('are as few parts as give every shard about as much', () => {
    // Three runs for two shards: halves are enough, each shard has three.
    expect(written(sharesOf(byApp(3), 100, 2))).toEqual([
      '1: 0 1/2',
      '2: 0 2/2',
      '1: 1 1/2',
      '2: 1 2/2',
      '1: 2 1/2',
      '2: 2 2/2',
    ])
  })

  it('leave whole what cannot be cut, and give the shards that have less of it more parts', () => {
    expect(written(sharesOf([...whole(1), ...byApp(1)], 100, 2))).toEqual(['1: 0', '2: 1 1/2', '2: 1 2/2'])
  })

  it('are no more parts than there are apps', () => {
    expect(written(sharesOf(byApp(1), 2, 5))).toEqual(['1: 0 1/2', '2: 0 2/2'])
    expect(sharesOf([], 0, 3)).toEqual([])
  })

  it('make what is listed twice once', () => {
    expect(written(sharesOf([...byApp(2), ...byApp(2)], 100, 2))).toEqual(['1: 0', '2: 1'])
  })

  it('are every part of every run, each in one shard, and about as much for each', () => {
    const counts = fc.record({
      undivided: fc.integer({ min: 0, max: 12 }),
      divisible: fc.integer({ min: 0, max: 12 }),
      count: fc.integer({ min: 1, max: 12 }),
      apps: fc.integer({ min: 12, max: 40 }),
    })
    fc.assert(
      fc.property(counts, ({ undivided, divisible, count, apps }) => {
        const runs = [...whole(undivided), ...byApp(divisible)]
        const shares = sharesOf(runs, apps, count)
        const pieces = shares.map(({ position, part }) => `${position} ${part?.part ?? 1}`)
        expect(new Set(pieces).size).toBe(pieces.length)
        const { parts } = shares.find(({ part }) => part !== undefined)?.part ?? { parts: 1 }
        for (const [position, run] of runs.entries()) {
          const own = shares.filter((share) => share.position === position)
          expect(own.map(({ part }) => part?.part ?? 1)).toEqual(
            Array.from({ length: run.byApp ? parts : 1 }, (_, index) => index + 1),
          )
        }
        const loads = Array.from({ length: count }, (_, index) =>
          shares
            .filter(({ shard }) => shard === index + 1)
            .reduce((sum, { position }) => sum + (runs[position]!.byApp ? 1 / parts : 1), 0),
        )
        expect(Math.max(...loads) - Math.min(...loads)).toBeLessThan(1.001)
      }),
    )
  })
})
