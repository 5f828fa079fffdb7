import { describe, expect, it } from 'vitest'
import { callHere } from '../../src/own/call-here.ts'

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

  it('leaves the process as it was', () => {
    const { exit, kill, abort, chdir, exitCode } = process
    callHere('/own.mjs', () => {
      process.exitCode = 9
    })
    expect([process.exit, process.kill, process.abort, process.chdir]).toEqual([exit, kill, abort, chdir])
    expect(process.exitCode).toBe(exitCode)
  })
})
