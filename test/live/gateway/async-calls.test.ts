import { describe, expect, it } from 'vitest'
import { AsyncCalls } from '../../../src/live/gateway/async-calls.ts'
import type { Reply } from '../../../src/live/instance/contract.ts'
import { Fault } from '../../../src/live/fault.ts'

const MINUTE = 60_000

function reply(bytes: number): Reply {
  return { status: 200, headers: {}, body: Buffer.alloc(bytes) }
}

describe('results of asynchronous calls', () => {
  it('are kept for ten minutes from the end of the call, however long it ran', async () => {
    let now = 0
    const calls = new AsyncCalls(() => now)
    const slow = Promise.withResolvers<Reply>()
    const kept = calls.keep('slow', slow.promise)
    now = 20 * MINUTE
    expect(calls.get('slow')).toEqual({ state: 'running' })
    slow.resolve(reply(1))
    await kept
    now = 30 * MINUTE - 1
    expect(calls.get('slow')).toMatchObject({ state: 'done', outcome: { status: 200 } })
    now = 30 * MINUTE
    expect(calls.get('slow')).toBeUndefined()
  })

  it('are faults where the calls failed', async () => {
    const calls = new AsyncCalls(() => 0)
    await calls.keep('a', Promise.reject(new Fault('timeout', 'late')))
    expect(calls.get('a')).toMatchObject({ state: 'done', outcome: { kind: 'timeout' } })
  })

  it('are ten thousand and 256 MB at most, the oldest going first, whatever still runs', async () => {
    const calls = new AsyncCalls(() => 0)
    void calls.keep('running', new Promise(() => undefined))
    for (let call = 0; call <= 10_000; call += 1) await calls.keep(`small${call}`, Promise.resolve(reply(0)))
    expect([calls.get('small0'), calls.get('running')]).toEqual([undefined, { state: 'running' }])
    expect(calls.get('small1')).toBeDefined()
    const large = reply(6 * 1024 * 1024)
    for (let call = 0; call < 43; call += 1) await calls.keep(`large${call}`, Promise.resolve(large))
    expect([calls.get('small10000'), calls.get('large0')]).toEqual([undefined, undefined])
    expect(calls.get('large1')).toBeDefined()
  })
})
