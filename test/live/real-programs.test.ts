import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readLiveFile } from '../../src/config/live-file.ts'
import { type Served, serving } from './serving.ts'

const FILE = fileURLToPath(new URL('../../experiments/live/real.yaml', import.meta.url))

let folder: string
let here: Served
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pl-real-'))
  const { replay: _none, ...config } = await readLiveFile(FILE)
  here = await serving({
    ...config,
    name: `real-${process.pid}`,
    listen: { host: '127.0.0.1', port: 0, tokens: {} },
    state: { file: join(folder, 'state.json'), everyMs: 60_000 },
  })
})
afterAll(async () => {
  await here.close()
  rmSync(folder, { recursive: true })
})

describe('experiments/live/real.yaml', () => {
  it('serves a function of functions-framework, with its path and query, many calls by one process', async () => {
    expect(await here.get('/call/hello/hello/?name=query')).toMatchObject({ status: 200, body: { hello: 'query' } })
    const names = Array.from({ length: 20 }, (_, index) => `n${index}`)
    const answers = await Promise.all(names.map((name) => here.call('hello', { name })))
    expect(answers.map(({ body }) => body['hello'])).toEqual(names)
    expect(here.adapter.ledger.loads[0]).toBe(1)
  })

  it('serves a function of Fn’s FDK, which hears of method and URL, and chooses status and headers', async () => {
    const answer = await here.call('greet/greet/a?b=1', { name: 'you' }, { method: 'PUT' })
    expect(answer).toMatchObject({ status: 200, body: { hello: 'you' } })
    expect(answer.headers.get('x-asked')).toBe(`PUT ${here.url}/a?b=1`)
    expect(await here.call('greet', { name: '' })).toMatchObject({ status: 400, body: { hello: '' } })
    expect(here.adapter.ledger.coldStarts[1]).toBe(1)
  })
})
