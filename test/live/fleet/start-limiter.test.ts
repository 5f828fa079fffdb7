import { describe, expect, it } from 'vitest'
import { StartLimiter } from '../../../src/live/fleet/start-limiter.ts'

const NEVER = new AbortController().signal

describe('a turnstile', () => {
  it('lets so many tasks be under way, the others after them in their order, failures included', async () => {
    const turnstile = new StartLimiter(2, 60_000)
    const begun: number[] = []
    const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>())
    const all = Promise.allSettled(
      gates.map(({ promise }, index) =>
        turnstile.pass(async () => {
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
    const turnstile = new StartLimiter(1, 5)
    const slow = Promise.withResolvers<string>()
    const first = turnstile.pass(() => slow.promise, NEVER)
    expect(await turnstile.pass(async () => 'second', NEVER)).toBe('second')
    slow.resolve('first')
    expect(await first).toBe('first')
    const begun: string[] = []
    const gate = Promise.withResolvers<void>()
    const both = ['third', 'fourth'].map((name) =>
      turnstile.pass(async () => void (begun.push(name), await gate.promise), NEVER),
    )
    await new Promise((done) => setImmediate(done))
    expect(begun).toEqual(['third'])
    gate.resolve()
    await Promise.all(both)
  })

  it('keeps no place for those who leave, and gives the turn that they no longer want to the next', async () => {
    const turnstile = new StartLimiter(1, 60_000)
    const gate = Promise.withResolvers<void>()
    const first = turnstile.pass(() => gate.promise, NEVER)
    const [waits, called] = [new AbortController(), new AbortController()]
    const begun: string[] = []
    const task = (name: string) => async (): Promise<void> => void begun.push(name)
    const left = turnstile.pass(task('left'), waits.signal)
    waits.abort(new Error('gone'))
    await expect(left).rejects.toThrow('gone')
    const second = turnstile.pass(task('second'), called.signal)
    const third = turnstile.pass(task('third'), NEVER)
    gate.resolve()
    await first
    // Its turn has come, but it has not begun.
    called.abort(new Error('gone as well'))
    await Promise.allSettled([second, third])
    expect(begun.filter((name) => name !== 'second')).toEqual(['third'])
    expect(await turnstile.pass(async () => 'last', NEVER)).toBe('last')
  })
})
