import { describe, expect, it } from 'vitest'
import type { Backend, Exit, Sandbox } from '../../../src/live/instance/backend.ts'
import type { Call, Contract, Reply } from '../../../src/live/instance/contract.ts'
import { LiveInstance } from '../../../src/live/instance/live-instance.ts'
import { Fault } from '../../../src/live/fault.ts'
import { StartLimiter } from '../../../src/live/fleet/start-limiter.ts'
import { appOf } from '../deployed.ts'

const REPLY: Reply = { status: 200, headers: [], body: Buffer.from('well') }
const CALL: Call = { id: 'one', fn: 'f', method: 'GET', path: '/', headers: [], body: Buffer.alloc(0) }

/** A ready instance whose backend says what the test has it say; `sent` counts the calls that it was sent. */
async function instanceOf(answer: () => Promise<Reply>) {
  const end = Promise.withResolvers<Exit>()
  const knowing = Promise.withResolvers<void>()
  const world = { isUnknown: false, sent: 0 }
  const sandbox: Sandbox = {
    id: 'it',
    isPaused: false,
    get isUnknown() {
      return world.isUnknown
    },
    known: () => knowing.promise,
    exited: end.promise,
    pause: async () => undefined,
    resume: async () => undefined,
    stop: async () => end.resolve({ how: 'it was removed', outOfMemory: false }),
    memoryMb: async () => 1,
    output: async () => '',
    print: async () => undefined,
  }
  const contract: Contract = {
    id: 'test',
    summary: '',
    source: '',
    needs: { port: false, callback: false },
    streams: false,
    open: async () => ({
      env: {},
      ready: async () => undefined,
      invoke: () => {
        world.sent += 1
        return answer()
      },
      close: async () => undefined,
    }),
  }
  const backend = { prepare: async () => ({}), start: async () => sandbox } as unknown as Backend
  const starts = new StartLimiter({ most: 1, mostWithSlow: 1, patienceMs: 1000 })
  const instance = new LiveInstance({
    app: appOf('process', 'http', 'http-server'),
    name: 'i',
    backend,
    contract,
    starts,
  })
  await instance.ready()
  /** The engine is back, and says what became of it. */
  const tell = (exit: Exit | undefined): void => {
    world.isUnknown = false
    if (exit !== undefined) end.resolve(exit)
    knowing.resolve()
  }
  return { instance, world, tell }
}

/** How a call ended, as its caller was told, and in which order the answer and the accounts heard of it. */
async function run(instance: LiveInstance): Promise<{ readonly told: string; readonly heard: readonly string[] }> {
  const heard: string[] = []
  const told = await instance
    .run(
      CALL,
      (outcome) => void heard.push(outcome instanceof Fault ? outcome.kind : 'over'),
      () => void heard.push('reply'),
    )
    .then(
      ({ status }) => String(status),
      ({ status, message }: Fault) => `${status} ${message}`,
    )
  return { told, heard }
}

describe('an instance', () => {
  it('hands its answer on before it is written down', async () => {
    const { instance } = await instanceOf(async () => REPLY)
    expect(await run(instance)).toEqual({ told: '200', heard: ['reply', 'over'] })
  })

  it('that is unknown is sent nothing until it is known again', async () => {
    const { instance, world, tell } = await instanceOf(async () => REPLY)
    world.isUnknown = true
    const running = run(instance)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect([instance.state, world.sent]).toEqual(['unknown', 0])
    tell(undefined)
    expect(await running).toEqual({ told: '200', heard: ['reply', 'over'] })
  })

  it('that turns out to be gone tells a call that nothing was sent, so that it may come again', async () => {
    const { instance, world, tell } = await instanceOf(async () => REPLY)
    world.isUnknown = true
    const running = run(instance)
    tell({ how: 'exit code 137', outOfMemory: false })
    const { told, heard } = await running
    expect(told).toBe('503 nothing was sent, since the instance is gone: tested ended: exit code 137')
    expect([heard, world.sent]).toEqual([['unknown'], 0])
  })

  it('that ends while it runs a call says so', async () => {
    const { instance, world, tell } = await instanceOf(() =>
      Promise.reject(new Fault('broken', 'the connection ended before the answer did')),
    )
    const running = run(instance)
    tell({ how: 'exit code 3', outOfMemory: false })
    expect(await running).toEqual({ told: '502 tested ended: exit code 3', heard: ['exited'] })
    expect(world.sent).toBe(1)
  })
})
