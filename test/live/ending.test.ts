import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { appOf } from './deployed.ts'
import { configOf, eventually, LIMITS, type Served, serving } from './serving.ts'

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pl-ending-'))
  try {
    await use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Reads an answer slowly; gives its bytes. */
function slowly(here: Served, path: string, onBegun: () => void): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = request(`${here.url}${path}`, { method: 'POST' }, (response) => {
      let bytes = 0
      onBegun()
      response.on('data', (part: Buffer) => {
        bytes += part.length
        response.pause()
        setTimeout(() => response.resume(), 5)
      })
      response.on('end', () => resolve(bytes)).on('error', reject)
    })
    call.on('error', reject).end(JSON.stringify({ act: 'large', mb: 5 }))
  })
}

describe('the end of an adapter', () => {
  it('waits until an answer that is being read was read', () =>
    withFolder(async (folder) => {
      const here = await serving(
        configOf('process', [appOf('process', 'http', 'http-server', { name: 'web' })], folder),
      )
      const begun = Promise.withResolvers<void>()
      const bytes = slowly(here, '/call/web', begun.resolve)
      await begun.promise
      await Promise.all([here.close(), expect(bytes).resolves.toBe(5 * 1024 * 1024)])
    }))

  it('leaves asynchronous calls that did not begin to the next one, and their results can be fetched from it', () =>
    withFolder(async (folder) => {
      const app = appOf('process', 'http', 'http-server', { name: 'web', memoryMb: 100 })
      const limits = { ...LIMITS, queue: 100, waitMs: 20_000, graceMs: 100 }
      const config = configOf('process', [app], folder, { limits, budgetMb: 100 })
      const first = await serving(config)
      const done = await first.call('../async/web/f', { word: 'done' })
      await eventually(async () => (await first.get(done.headers.get('location')!)).status === 200)
      const running = await first.call('../async/web/f', { act: 'hang' })
      await eventually(() => first.adapter.underWay === 1)
      const waiting = await first.call('../async/web/f', { word: 'waited' })
      await eventually(() => first.adapter.waiting === 1)
      await first.close()
      const second = await serving(config)
      const resultOf = (accepted: { headers: Headers }) => second.get(accepted.headers.get('location')!)
      expect((await resultOf(done)).body).toMatchObject({ word: 'done' })
      expect(await resultOf(running)).toMatchObject({ status: 502, body: { error: 'interrupted' } })
      await eventually(async () => (await resultOf(waiting)).status === 200)
      expect((await resultOf(waiting)).body).toMatchObject({ word: 'waited' })
      await second.close()
    }))

  it('tries an asynchronous call again as often as its app says', () =>
    withFolder(async (folder) => {
      const app = appOf('process', 'http', 'http-server', { name: 'web', retries: 1 })
      const here = await serving(configOf('process', [app], folder))
      const accepted = await here.call('../async/web/f', { act: 'exit' })
      const place = accepted.headers.get('location')!
      await eventually(async () => (await here.get(place)).status === 502)
      expect((await here.get(place)).body).toMatchObject({ error: 'exited' })
      expect(here.adapter.ledger.invocations[0]).toBe(2)
      await here.close()
    }))
})
