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

  it('does not let a slow task keep others waiting, and counts it once', async () => {
    const turnstile = new Turnstile(1, 5)
    const slow = Promise.withResolvers<string>()
    const first = turnstile.pass(() => slow.promise)
    expect(await turnstile.pass(async () => 'second')).toBe('second')
    slow.resolve('first')
    expect(await first).toBe('first')
    const begun: string[] = []
    const gate = Promise.withResolvers<void>()
    const both = ['third', 'fourth'].map((name) =>
      turnstile.pass(async () => void (begun.push(name), await gate.promise)),
    )
    await new Promise((done) => setImmediate(done))
    expect(begun).toEqual(['third'])
    gate.resolve()
    await Promise.all(both)
  })
})
