import { describe, expect, it } from 'vitest'
import { StartLimiter } from '../../../src/live/fleet/start-limiter.ts'

const NEVER = new AbortController().signal

const settle = (): Promise<void> => new Promise((done) => setTimeout(done, 60))

describe('a limiter of starts', () => {
  it('lets so many tasks be under way, the others after them in their order, failures included', async () => {
    const limiter = new StartLimiter({ most: 2, mostWithSlow: 10, patienceMs: 60_000 })
    const begun: number[] = []
    const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>())
    const all = Promise.allSettled(
      gates.map(({ promise }, index) =>
        limiter.pass(async () => {
          begun.push(index)
          await promise
          if (index === 0) throw new Error('the first one fails')
        }, NEVER),
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
    const limiter = new StartLimiter({ most: 1, mostWithSlow: 5, patienceMs: 5 })
    const slow = Promise.withResolvers<string>()
    const first = limiter.pass(() => slow.promise, NEVER)
    expect(await limiter.pass(async () => 'second', NEVER)).toBe('second')
    slow.resolve('first')
    expect(await first).toBe('first')
    const begun: string[] = []
    const gate = Promise.withResolvers<void>()
    const both = ['third', 'fourth'].map((name) =>
      limiter.pass(async () => void (begun.push(name), await gate.promise), NEVER),
    )
    await new Promise((done) => setImmediate(done))
    expect(begun).toEqual(['third'])
    gate.resolve()
    await Promise.all(both)
  })

  it('lets slow tasks be under way up to a bound of their own, and the next one only when one of them has ended', async () => {
    const limiter = new StartLimiter({ most: 2, mostWithSlow: 6, patienceMs: 1 })
    const gates = Array.from({ length: 20 }, () => Promise.withResolvers<void>())
    const begun: number[] = []
    const all = gates.map(({ promise }, index) =>
      limiter.pass(() => {
        begun.push(index)
        return promise
      }, NEVER),
    )
    // Far longer than the patience with all of them one after the other.
    await settle()
    expect(begun).toEqual([0, 1, 2, 3, 4, 5])
    gates[3]!.resolve()
    await settle()
    expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6])
    for (const { resolve } of gates) resolve()
    await Promise.all(all)
    expect(begun).toEqual(gates.map((_, index) => index))
  })

  it('keeps no place for those who leave, and gives the turn that they no longer want to the next', async () => {
    const limiter = new StartLimiter({ most: 1, mostWithSlow: 5, patienceMs: 60_000 })
    const gate = Promise.withResolvers<void>()
    const first = limiter.pass(() => gate.promise, NEVER)
    const [waits, called] = [new AbortController(), new AbortController()]
    const begun: string[] = []
    const task = (name: string) => async (): Promise<void> => void begun.push(name)
    const left = limiter.pass(task('left'), waits.signal)
    waits.abort(new Error('gone'))
    await expect(left).rejects.toThrow('gone')
    const second = limiter.pass(task('second'), called.signal)
    const third = limiter.pass(task('third'), NEVER)
    gate.resolve()
    await first
    // Its turn has come, but it has not begun.
    called.abort(new Error('gone as well'))
    await Promise.allSettled([second, third])
    expect(begun.filter((name) => name !== 'second')).toEqual(['third'])
    expect(await limiter.pass(async () => 'last', NEVER)).toBe('last')
  })
})
