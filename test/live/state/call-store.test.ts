import { statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Fault } from '../../../src/live/fault.ts'
import { CallStore, type CallOutcome } from '../../../src/live/state/call-store.ts'
import { withFolder } from '../folder.ts'

const MINUTE = 60_000

function callOf(id: string, body = '{}') {
  const head = { id, fn: 'f', method: 'POST', path: '/', headers: ['x-kept', '1'] }
  return { app: 'shop', call: { ...head, body: Buffer.from(body) } }
}

function reply(bytes: number): CallOutcome {
  return { status: 200, headers: ['content-type', 'text/plain'], body: Buffer.alloc(bytes, 'x') }
}

/** Uses a store whose clock the test moves. */
function withStore(use: (store: CallStore, clock: { now: number }, file: string) => void): Promise<void> {
  return withFolder(async (folder) => {
    const clock = { now: 0 }
    const file = join(folder, 'calls.sqlite')
    const store = new CallStore(file, () => clock.now)
    use(store, clock, file)
    store.close()
  })
}

describe('the store of asynchronous calls', () => {
  it('may be read by its owner only, since calls may hold secrets', () =>
    withStore((store, _clock, file) => {
      store.accept(callOf('a'))
      for (const path of [file, `${file}-wal`]) expect(statSync(path).mode & 0o777, path).toBe(0o600)
    }))

  it('keeps a result for ten minutes from the end of the call, however long it ran', () =>
    withStore((store, clock) => {
      store.accept(callOf('slow'))
      expect(store.get('slow')).toEqual({ state: 'waiting' })
      store.begin('slow')
      clock.now = 20 * MINUTE
      expect(store.get('slow')).toEqual({ state: 'running' })
      store.end('slow', reply(3))
      clock.now = 30 * MINUTE - 1
      expect(store.get('slow')).toEqual({
        state: 'done',
        outcome: { status: 200, headers: ['content-type', 'text/plain'], body: Buffer.from('xxx') },
      })
      clock.now = 30 * MINUTE
      expect(store.get('slow')).toBeUndefined()
    }))

  it('keeps what went wrong', () =>
    withStore((store) => {
      store.accept(callOf('a'))
      store.end('a', new Fault('timeout', 'late'))
      expect(store.get('a')).toMatchObject({
        state: 'done',
        outcome: { kind: 'timeout', message: 'late', status: 504 },
      })
    }))

  it('gives the next adapter what was not brought to an end, in the order in which it came', () =>
    withStore((store, _clock, file) => {
      for (const id of ['one', 'two', 'three', 'four']) store.accept(callOf(id, `{"of":"${id}"}`))
      store.begin('two')
      store.begin('three')
      store.putBack('three', false)
      store.end('four', reply(0))
      const next = new CallStore(file, () => 0)
      expect(
        next.unfinished().map(({ app, call, attempts, wasRunning }) => [app, String(call.body), attempts, wasRunning]),
      ).toEqual([
        ['shop', '{"of":"one"}', 0, false],
        ['shop', '{"of":"two"}', 1, true],
        ['shop', '{"of":"three"}', 0, false],
      ])
      next.close()
    }))

  it('throws the oldest results away where they are too many bytes, and no call that is not over', () =>
    withStore((store, clock) => {
      store.accept(callOf('waiting'))
      for (let call = 0; call < 43; call += 1) {
        clock.now += 1
        store.accept(callOf(`large${call}`))
        store.end(`large${call}`, reply(6 * 1024 * 1024))
      }
      expect([store.get('waiting'), store.get('large0')]).toEqual([{ state: 'waiting' }, undefined])
      expect(store.get('large1')).toBeDefined()
    }))
})
