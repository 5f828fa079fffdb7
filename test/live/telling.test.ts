import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appOf } from './deployed.ts'
import { configOf, type Served, serving } from './serving.ts'

interface Span {
  readonly traceId: string
  readonly parentSpanId?: string
  readonly spanId: string
  readonly name: string
  readonly attributes: readonly { readonly key: string; readonly value: object }[]
}

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const tokens = { calls: 'token-for-calls-0', admin: 'token-for-admin-0', metrics: 'token-for-metrics' }
const own = (token: string) => ({ headers: { 'pilotlight-token': token } })

/** What a collector got, by its path. */
const received = new Map<string, Record<string, unknown>[]>()
let collector: Server
let here: Served
let folder: string
let mirrored: { readonly rawHeaders: readonly string[] }

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pl-telling-'))
  collector = createServer(async (request, response) => {
    let text = ''
    for await (const part of request.setEncoding('utf8')) text += String(part)
    received.set(request.url!, [...(received.get(request.url!) ?? []), JSON.parse(text) as Record<string, unknown>])
    response.end('{}')
  }).listen(0, '127.0.0.1')
  await once(collector, 'listening')
  const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`
  const app = appOf('process', 'http', 'http-server', { name: 'web', functions: ['web'] })
  here = await serving(
    configOf('process', [app], folder, {
      telemetry: { endpoint },
      accessLog: join(folder, 'access.log'),
      listen: { host: '127.0.0.1', port: 0, tokens },
    }),
  )
  const headers = {
    'pilotlight-token': tokens.calls,
    authorization: 'Bearer of-the-function',
    traceparent: `00-${TRACE}-b7ad6b7169203331-01`,
  }
  mirrored = JSON.parse((await here.call('web/web/mirror?secret=1', {}, { headers })).text) as typeof mirrored
  await here.call('web', { act: 'exit' }, { headers })
  await here.close()
})
afterAll(() => {
  collector.close()
  rmSync(folder, { recursive: true })
})

const valueOf = (name: string): string | undefined =>
  mirrored.rawHeaders[mirrored.rawHeaders.findIndex((each) => each.toLowerCase() === name) + 1]

describe('a call', () => {
  it('goes on with its caller’s trace, and is a span of it', () => {
    const [{ resourceSpans }] = received.get('/v1/traces') as unknown as [
      { resourceSpans: [{ scopeSpans: [{ spans: readonly Span[] }] }] },
    ]
    const [span, failed] = resourceSpans[0].scopeSpans[0].spans
    expect(span).toMatchObject({ traceId: TRACE, parentSpanId: 'b7ad6b7169203331', name: 'web/web' })
    expect(valueOf('traceparent')).toBe(`00-${TRACE}-${span!.spanId}-01`)
    expect(span!.attributes).toContainEqual({ key: 'faas.coldstart', value: { boolValue: true } })
    expect(failed!.attributes).toContainEqual({ key: 'error.type', value: { stringValue: 'exited' } })
  })

  it('leaves Authorization to its function where its token is given in the adapter’s own header', () => {
    expect(valueOf('authorization')).toBe('Bearer of-the-function')
    expect(mirrored.rawHeaders.map((each) => each.toLowerCase())).not.toContain('pilotlight-token')
  })

  it('is written down, without its query', () => {
    const lines = readFileSync(join(folder, 'access.log'), 'utf8').trim().split('\n')
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { app: 'web', function: 'web', method: 'POST', path: '/mirror', status: 200, start: 'cold' },
      { app: 'web', path: '/', status: 502, start: 'warm', error: 'exited' },
    ])
  })

  it('is counted in metrics of both kinds', () => {
    const [{ resourceMetrics }] = received.get('/v1/metrics') as unknown as [
      { resourceMetrics: [{ scopeMetrics: [{ metrics: readonly Record<string, unknown>[] }] }] },
    ]
    const { metrics } = resourceMetrics[0].scopeMetrics[0]
    const executions = metrics.find(({ name }) => name === 'pilotlight_execution_seconds') as {
      histogram: { dataPoints: [{ count: string; explicitBounds: number[]; bucketCounts: string[] }] }
    }
    const [point] = executions.histogram.dataPoints
    expect(point.count).toBe('1')
    expect(point.bucketCounts).toHaveLength(point.explicitBounds.length + 1)
    expect(point.bucketCounts.reduce((sum, count) => sum + Number(count), 0)).toBe(1)
  })
})

describe('tokens', () => {
  it('are for one purpose each, in any case of their scheme', async () => {
    const again = await serving({ ...here.config, name: `${here.config.name}-again` })
    const status = async (path: string, init: RequestInit): Promise<number> =>
      (await fetch(`${again.url}${path}`, init)).status
    const paths = {
      '/call/web': 'calls',
      '/admin/state': 'admin',
      '/logs/web?follow=0': 'admin',
      '/metrics': 'metrics',
    }
    for (const [path, purpose] of Object.entries(paths)) {
      for (const [which, token] of Object.entries(tokens)) {
        expect(await status(path, own(token)), `${path} ${which}`).toBe(which === purpose ? 200 : 401)
      }
    }
    for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
      expect(await status('/metrics', { headers: { authorization: `${scheme} ${tokens.metrics}` } })).toBe(200)
    }
    await again.close()
  })
})
