import { describe, expect, it } from 'vitest'
import { awaitHere, callHere } from '../../src/own/call-here.ts'

function endless(): never {
  for (;;);
}

describe('a call of a user’s own code in this thread', () => {
  it('gives what the code gives, and throws what it throws', () => {
    const given = {}
    expect(callHere('/own.mjs', () => given)).toBe(given)
    const thrown = new RangeError('too far')
    expect(() =>
      callHere('/own.mjs', () => {
        throw thrown
      }),
    ).toThrow(thrown)
  })

  it('may itself make such a call', () => {
    const outer = callHere('/own.mjs', () => [callHere('/other.mjs', () => 1), callHere('/other.mjs', () => 2)])
    expect(outer).toEqual([1, 2])
  })

  it('is ended where it does not come back', () => {
    expect(() => callHere('/own.mjs', endless, 50)).toThrow('it did not come back within 0.05 s')
  })

  it('leaves process.exit as it was', async () => {
    const { exit } = process
    callHere('/own.mjs', () => 1)
    await awaitHere('/own.mjs', async () => 1)
    expect(process.exit).toBe(exit)
  })

  it('is given up where it waits and nothing is left that could come', async () => {
    const waiting = awaitHere('/own.mjs', () => new Promise<never>(() => undefined))
    process.emit('beforeExit', 0)
    await expect(waiting).rejects.toThrow('it waits for what never comes')
  })
})
