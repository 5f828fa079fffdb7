import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultsOf } from '../../../src/policy/parameters.ts'
import { policies } from '../../../src/policy/policies/index.ts'
import { linesUp } from '../../sim/scenario.ts'
import { appOf } from '../deployed.ts'
import { eventually, type Served, configOf, serving, withServing } from '../serving.ts'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const shop = appOf('process', 'http', 'http-server', {
  name: 'shop',
  functions: ['checkout', 'cart'],
  hosts: ['shop.example'],
})
const mailer = appOf('process', 'fn', 'fdk', { name: 'mailer', hosts: ['mailer.example'] })

describe('the gateway', () => {
  let here: Served
  const urlOf = async (path: string): Promise<unknown> => (await here.call(path)).body['url']
  let folder: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pl-gateway-'))
    here = await serving(configOf('process', [shop, mailer], folder))
  })
  afterAll(async () => {
    await here.close()
    rmSync(folder, { recursive: true })
  })

  it('passes a call on whole and gives the answer back, whichever function it names', async () => {
    const answer = await here.call('shop/cart/a/b?q=1', { word: 'grüße' }, { method: 'PUT' })
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ word: 'grüße', url: '/a/b?q=1', method: 'PUT', fn: 'cart' })
    expect(answer.headers.get('x-call-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect((await here.call('shop')).body).toMatchObject({ fn: 'checkout', url: '/' })
    expect((await here.call('shop/')).body).toMatchObject({ fn: 'checkout', url: '/' })
    expect((await here.call('shop/cart/')).body).toMatchObject({ fn: 'cart', url: '/' })
  })

  it('passes paths on as they were sent, encoded or not, and bodies of any type', async () => {
    expect(await urlOf('shop/cart/a%20b%2Fc/%3Fd=%0d%0a/%C3%BC?q=%20')).toBe('/a%20b%2Fc/%3Fd=%0d%0a/%C3%BC?q=%20')
    expect(await urlOf('shop/cart/..%2F..%2Fadmin')).toBe('/..%2F..%2Fadmin')
    expect(await urlOf('shop/cart//x//')).toBe('//x//')
    expect(await urlOf('shop?x=/1/2')).toBe('/?x=/1/2')
    for (const type of ['text/plain', 'application/x-odd']) {
      const { status, body } = await here.call('shop', { word: type }, { headers: { 'content-type': type } })
      expect([status, body['word']]).toEqual([200, type])
    }
    const untyped = await here.call('shop', {}, { headers: {}, body: Buffer.from('{"word":"untyped"}') })
    expect(untyped.body['word']).toBe('untyped')
  })

  it('keeps headers of connections, and its own, from those of answers', async () => {
    const headers = { connection: 'x-private', 'x-private': '1', 'x-call-id': 'forged', 'x-kept': '2' }
    const answer = await here.call('shop', { act: 'headers', headers })
    expect([answer.headers.get('x-private'), answer.headers.get('x-kept')]).toEqual([null, '2'])
    expect(answer.headers.get('x-call-id')).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('counts instances once, however many ask at a time', async () => {
    await here.call('mailer')
    const texts = await Promise.all(Array.from({ length: 5 }, () => here.get('/metrics')))
    for (const { text } of texts) expect(text).toMatch(/^pilotlight_instances\{app="mailer",state="idle"\} 1$/m)
  })

  it('serves a second call warm, by the same process', async () => {
    const [first, second] = [await here.call('mailer'), await here.call('mailer')]
    expect(second.body['pid']).toBe(first.body['pid'])
    expect(here.lines.filter(({ event, app }) => event === 'cold start' && app === 'mailer')).toHaveLength(1)
  })

  it('answers an asynchronous call at once, and its result later', async () => {
    const begun = await here.call('../async/mailer/f', { act: 'sleep', ms: 150, word: 'later' })
    expect(begun.status).toBe(202)
    const place = begun.headers.get('location')!
    expect((await here.get(place)).body).toEqual({ state: 'running' })
    await eventually(async () => (await here.get(place)).status === 200)
    expect((await here.get(place)).body).toMatchObject({ word: 'later' })
    expect((await here.get('/async/unknown')).status).toBe(404)
  })

  it('knows no other apps and functions, and no other paths', async () => {
    expect((await here.call('nobody')).status).toBe(404)
    expect((await here.call('shop/nothing')).status).toBe(404)
    expect((await here.get('/')).status).toBe(404)
  })

  it('tells of its health and of whether it is ready', async () => {
    expect((await here.get('/healthz')).body).toEqual({ ok: true })
    expect((await here.get('/readyz')).body).toEqual({ ok: true })
  })

  it('counts for Prometheus', async () => {
    await here.call('mailer')
    const { text, headers } = await here.get('/metrics')
    expect(headers.get('content-type')).toContain('text/plain')
    expect(text).toMatch(/^pilotlight_cold_starts_total\{app="mailer",reason="first"\} 1$/m)
    expect(text).toMatch(/^pilotlight_invocations_total\{app="mailer",outcome="warm",status="200"\} [1-9]/m)
    expect(text).toMatch(/^pilotlight_instances\{app="mailer",state="idle"\} 1$/m)
    expect(text).toMatch(/^pilotlight_resident_memory_bytes\{app="mailer"\} \d{7,}$/m)
    expect(text).toMatch(/^pilotlight_decision_seconds_count [1-9]/m)
  })

  it('shows each app’s instances and windows', async () => {
    await here.call('mailer')
    expect((await here.get('/admin')).text).toContain('<title>pilotlight live</title>')
    const { apps } = (await here.get('/admin/state')).body as {
      apps: { name: string; windows: { keepUntil: number } }[]
    }
    const state = apps.find(({ name }) => name === 'mailer')!
    expect(state).toMatchObject({ instances: [{ state: 'idle' }], decision: { prewarmMs: 0, keepAliveMs: 600_000 } })
    expect(state.windows.keepUntil).toBeGreaterThan(590_000)
  })

  it('refuses what a page of another site asks for, and a body that is too large', async () => {
    const cross = await here.call('shop', {}, { headers: { 'sec-fetch-site': 'cross-site' } })
    expect(cross.status).toBe(403)
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:1']) {
      expect((await here.call('shop', {}, { headers: { origin } })).status, origin).toBe(403)
    }
    expect((await here.call('shop', {}, { headers: { origin: here.url } })).status).toBe(200)
    expect(await statusWithHost(here.url, 'evil.example')).toBe(403)
    expect(await statusWithHost(here.url, 'LOCALHOST')).toBe(200)
    expect(await statusWithHost(here.url, 'localhost:1')).toBe(200)
    expect(await statusWithHost(here.url, 'shop.example')).toBe(200)
    expect(await statusWithHost(here.url, 'shop.example', { 'sec-fetch-site': 'cross-site' })).toBe(403)
    const large = await here.call('shop', {}, { body: 'x'.repeat(7 * 1024 * 1024) })
    expect(large).toMatchObject({ status: 413, body: { error: 'tooLarge' } })
    const later = await here.call('../async/mailer/f', {}, { body: 'x'.repeat(7 * 1024 * 1024) })
    expect(later).toMatchObject({ status: 413, body: { error: 'tooLarge' } })
  })
})

function statusWithHost(url: string, host: string, headers = {}, path = '/readyz'): Promise<number> {
  return new Promise((resolve, reject) => {
    request(`${url}${path}`, { headers: { host, ...headers } }, (response) => {
      response.resume()
      resolve(response.statusCode!)
    })
      .on('error', reject)
      .end()
  })
}

/** With which status a WebSocket is refused. */
function upgradeStatus(url: string, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request(url, { headers: { host, connection: 'Upgrade', upgrade: 'websocket' } }, (response) => {
      response.resume()
      resolve(response.statusCode!)
    })
      .on('error', reject)
      .end()
  })
}

describe('an address that others can reach', () => {
  it('is refused without a token, and with a short one', async () => {
    for (const listen of [
      { host: '0.0.0.0', port: 0, tokens: {} },
      { host: '0.0.0.0', port: 0, tokens: { calls: 'short', admin: 'x'.repeat(16), metrics: 'x'.repeat(16) } },
      { host: '0.0.0.0', port: 0, tokens: { calls: 'x'.repeat(16) } },
    ]) {
      await expect(withServing('process', [mailer], { listen }, async () => 0)).rejects.toThrow(
        'needs a token of at least 16 characters',
      )
    }
  })

  it('asks every caller for the token', async () => {
    const token = 'a-token-of-the-test'
    const tokens = { calls: token, admin: token, metrics: token }
    await withServing('process', [mailer], { listen: { host: '0.0.0.0', port: 0, tokens } }, async ({ url }) => {
      const there = url.replace('0.0.0.0', '127.0.0.1')
      const status = async (path: string, authorization?: string): Promise<number> =>
        (await fetch(`${there}${path}`, authorization === undefined ? {} : { headers: { authorization } })).status
      expect(await status('/metrics')).toBe(401)
      expect(await status('/metrics', 'Bearer another-token-of-test')).toBe(401)
      expect(await status('/metrics', `Bearer ${token}`)).toBe(200)
      expect(await status('/call/mailer', `Bearer ${token}`)).toBe(200)
      // By the name of an app's host as well, whichever reader reads it.
      for (const more of [{}, { connection: 'close' }]) {
        expect(await statusWithHost(there, 'mailer.example', more, '/')).toBe(401)
        expect(await statusWithHost(there, 'mailer.example', { ...more, 'pilotlight-token': token }, '/')).toBe(200)
      }
      expect(await upgradeStatus(there, 'mailer.example')).toBe(401)
      expect(await status('/healthz')).toBe(200)
      expect(await status('/admin')).toBe(200)
      expect(await status('/admin/state')).toBe(401)
    })
  })
})

describe('windows in real time', () => {
  const fixed = policies.get('fixed', 'test')
  const short = { policy: { definition: fixed, params: { keepAlive: 400 }, seed: 1 } }

  it('end an instance when its keep-alive is over, and start it again at the next call', async () => {
    await withServing('process', [mailer], short, async (here) => {
      await here.call('mailer')
      expect(here.adapter.instances).toHaveLength(1)
      await eventually(() => here.lines.some(({ event }) => event === 'ended'))
      expect(here.adapter.instances).toHaveLength(0)
      await here.call('mailer')
      const reasons = here.lines.filter(({ event }) => event === 'cold start').map(({ reason }) => reason)
      expect(reasons).toEqual(['first', 'expired'])
      expect((await here.get('/metrics')).text).toMatch(
        /^pilotlight_timer_lateness_seconds_count\{timer="unload"\} 1$/m,
      )
    })
  })

  it('load an app before it is called, where the policy says so', async () => {
    const definition = {
      ...fixed,
      id: 'prewarms',
      parameters: {},
      create: () => ({
        arrived() {},
        decide(_app: number, _now: number, out: { prewarmMs: number; keepAliveMs: number }) {
          out.prewarmMs = 300
          out.keepAliveMs = 60_000
        },
      }),
    }
    await withServing('process', [mailer], { policy: { definition, params: {}, seed: 1 } }, async (here) => {
      await here.call('mailer')
      await eventually(() => here.lines.some(({ event }) => event === 'ended'))
      await eventually(() => here.adapter.instances.some(({ instance }) => instance.state === 'idle'))
      expect(here.adapter.ledger.prewarms[0]).toBe(1)
      await here.call('mailer')
      expect(here.adapter.ledger.coldStarts[0]).toBe(1)
    })
  })

  it('pause an idle instance where asked to, and resume it for a call', async () => {
    await withServing('process', [{ ...mailer, pauseAfterMs: 50 }], {}, async (here) => {
      const { body } = await here.call('mailer')
      await eventually(() => here.adapter.instances[0]?.instance.state === 'paused')
      await new Promise((resolve) => setTimeout(resolve, 50))
      expect((await here.call('mailer')).body['pid']).toBe(body['pid'])
    })
  })
})

it('every parameter of every policy has a default that the adapter can start with', async () => {
  for (const definition of policies.all.filter(({ needs }) => needs.every((need) => need === 'memory'))) {
    if (linesUp(definition)) continue
    const policy = { definition, params: defaultsOf(definition.parameters), seed: 1 }
    await withServing('process', [mailer], { policy }, async (here) => {
      expect((await here.call('mailer')).status, definition.id).toBe(200)
    })
  }
})
