import { describe, expect, it } from 'vitest'
import { Turnstile } from '../../src/live/turnstile.ts'

describe('a turnstile', () => {
  it('lets so many tasks be under way, the others after them in their order, failures included', async () => {
    const turnstile = new Turnstile(2, 60_000)
    const begun: number[] = []
    const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>())
    const all = Promise.allSettled(
      gates.map(({ promise }, index) =>
        turnstile.pass(async () => {
          begun.push(index)
          await promise
          if (index === 0) throw new Error('the first one fails')
        }),
      ),
    )
    const steps: number[][] = []
    for (const { resolve } of gates) {
      await new Promise((done) => setImmediate(done))
      steps.push([...begun])
      resolve()
    }
    const outcomes = await all
    expect(outcomes.map(({ status }) => status)).toEqual([
      'rejected',
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'fulfilled',
    ])
    expect(steps).toEqual([
      [0, 1],
      [0, 1, 2],
      [0, 1, 2, 3],
      [0, 1, 2, 3, 4],
      [0, 1, 2, 3, 4],
    ])
  })
})
