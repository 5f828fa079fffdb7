import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Call } from '../../../src/live/instance/contract.ts'
import { Fault } from '../../../src/live/fault.ts'
import { Run } from '../../../src/live/instance/execution.ts'
import { appOf } from '../deployed.ts'
import { openRuntimeApi, type RuntimeApi } from '../../../src/live/instance/runtime-api.ts'

const CALL: Call = { id: 'c1', fn: 'f', method: 'POST', path: '/', headers: [], body: Buffer.from('{}') }
const NEVER = new AbortController().signal
const APP = appOf('process', 'lambda', 'lambda-runtime')

let api: RuntimeApi
beforeEach(async () => void (api = await openRuntimeApi('127.0.0.1', APP, 'us-east-1')))
afterEach(() => api.close())

function ask(path: string, init?: RequestInit): Promise<Response> {
  return fetch(`http://127.0.0.1:${api.port}/2018-06-01/runtime/${path}`, init)
}

describe('the Runtime API of one instance', () => {
  it('serves nobody before it is known who its program is, and then nobody else', async () => {
    let isAnswered = false
    const early = ask('invocation/next').finally(() => (isAnswered = true))
    const run = new Run()
    setTimeout(() => run.giveUp(new Fault('timeout', 'too late')), 100)
    const invoked = api.invoke(CALL, Date.now() + 1000, run).catch((error: Fault) => error.kind)
    expect(await invoked).toBe('timeout')
    expect(isAnswered).toBe(false)
    const ready = api.asked('10.9.8.7', AbortSignal.timeout(100)).catch((error: Error) => error.name)
    expect((await early).status).toBe(403)
    expect((await ask('invocation/next')).status).toBe(403)
    expect(await ready).toBe('TimeoutError')
  })

  it('hands a call to its program and takes the answer once', async () => {
    const ready = api.asked('127.0.0.1', NEVER)
    const next = ask('invocation/next')
    await ready
    const answer = api.invoke(CALL, 5, new Run())
    expect((await next).headers.get('lambda-runtime-aws-request-id')).toBe('c1')
    expect((await ask('invocation/other/response', { method: 'POST', body: '1' })).status).toBe(400)
    expect((await ask('invocation/c1/response', { method: 'POST', body: '1' })).status).toBe(202)
    expect(String((await answer).body)).toBe('1')
    expect((await ask('invocation/c1/response', { method: 'POST', body: '2' })).status).toBe(400)
  })

  it('tells the caller at once of an answer that is too large', async () => {
    void api.asked(undefined, NEVER)
    const answer = api.invoke(CALL, 5, new Run()).catch((error: unknown) => error)
    await ask('invocation/next')
    const body = Buffer.alloc(7 * 1024 * 1024)
    const told = await ask('invocation/c1/response', { method: 'POST', body }).catch((error: Error) => error.name)
    expect(told).toBe('TypeError')
    expect(await answer).toMatchObject({ name: 'Fault', kind: 'garbage' })
  })
})

describe('a program of the Runtime API', () => {
  it('that gives up waiting loses no call: the next one that asks gets it', async () => {
    void api.asked(undefined, NEVER)
    const gaveUp = new AbortController()
    const abandoned = ask('invocation/next', { signal: gaveUp.signal }).catch((error: Error) => error.name)
    await new Promise((resolve) => setTimeout(resolve, 50))
    gaveUp.abort()
    expect(await abandoned).toBe('AbortError')
    await new Promise((resolve) => setTimeout(resolve, 50))
    const answer = api.invoke(CALL, 5, new Run())
    const next = await ask('invocation/next')
    expect(next.headers.get('lambda-runtime-aws-request-id')).toBe('c1')
    await ask('invocation/c1/response', { method: 'POST', body: '1' })
    expect(String((await answer).body)).toBe('1')
  })

  it('is given an object where the call has no body, a trace, and an ARN of its region', async () => {
    void api.asked(undefined, NEVER)
    void api.invoke({ ...CALL, body: Buffer.alloc(0) }, 5, new Run())
    const next = await ask('invocation/next')
    expect(await next.text()).toBe('{}')
    expect(next.headers.get('lambda-runtime-trace-id')).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Sampled=0$/)
    expect(next.headers.get('lambda-runtime-invoked-function-arn')).toBe(
      'arn:aws:lambda:us-east-1:000000000000:function:tested:f',
    )
  })

  it('that asks for more without an answer has failed the call that it had', async () => {
    void api.asked(undefined, NEVER)
    const answer = api.invoke(CALL, 5, new Run()).catch((error: Fault) => error.kind)
    await ask('invocation/next')
    void ask('invocation/next').catch(() => undefined)
    expect(await answer).toBe('failed')
  })

  it('that cannot initialise says why', async () => {
    const ready = api.asked(undefined, NEVER).catch((error: Fault) => [error.kind, error.message])
    await ask('init/error', { method: 'POST', body: '{"errorMessage":"no module"}' })
    expect(await ready).toEqual(['init', 'the program could not initialise: {"errorMessage":"no module"}'])
  })
})
