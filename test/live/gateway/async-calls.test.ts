import { expect, it } from 'vitest'
import type { Adapter } from '../../../src/live/adapter.ts'
import { AsyncCalls } from '../../../src/live/gateway/async-calls.ts'
import type { Reply } from '../../../src/live/instance/contract.ts'
import type { LogLine } from '../../../src/live/log.ts'
import { CallStore } from '../../../src/live/state/call-store.ts'
import { eventually } from '../serving.ts'

const CALL = { id: 'one', fn: 'f', method: 'POST', path: '/', headers: [], body: Buffer.alloc(0) }
const REPLY: Reply = { status: 200, headers: [], body: Buffer.from('well') }

it('An asynchronous call whose end cannot be written down, as on a full disk, stops nobody else', async () => {
  const store = new CallStore(':memory:', Date.now)
  const lines: LogLine[] = []
  const answer = Promise.withResolvers<Reply>()
  const adapter = {
    directory: { find: () => ({ app: 0, fn: 0, name: 'f' }), rowOf: () => 0 },
    apps: [{ retries: 0 }],
    invoke: () => answer.promise,
  } as unknown as Adapter
  const calls = new AsyncCalls(adapter, store, (line) => void lines.push(line))
  calls.accept('web', CALL)
  expect(calls.get('one')).toEqual({ state: 'running' })
  store.end = () => {
    throw new Error('database or disk is full')
  }
  answer.resolve(REPLY)
  await eventually(() => lines.length === 1)
  expect(lines).toEqual([
    { event: 'asynchronous call not written down', app: 'web', id: 'one', why: 'database or disk is full' },
  ])
  calls.close()
})
