import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { get, request as secureRequest } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { connect } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appOf } from './deployed.ts'
import { certificate } from './own-certificate.ts'
import { configOf, eventually, type Served, serving } from './serving.ts'

let folder: string
let here: Served
let ca: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pl-tls-'))
  const paths = certificate(folder)
  ca = readFileSync(paths.cert, 'utf8')
  const tls = { cert: ca, key: readFileSync(paths.key, 'utf8') }
  const app = appOf('process', 'http', 'http-server', { name: 'web', functions: ['web'] })
  here = await serving(configOf('process', [app], folder, { listen: { host: '127.0.0.1', port: 0, tokens: {}, tls } }))
})
afterAll(async () => {
  await here.close()
  rmSync(folder, { recursive: true })
})

describe('an adapter that speaks TLS', () => {
  it('serves HTTPS, and tells its functions so', async () => {
    expect(here.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
    const answer = await new Promise<string>((resolve, reject) => {
      get(`${here.url}/call/web/web/mirror`, { ca }, (response) => void text(response).then(resolve, reject)).on(
        'error',
        reject,
      )
    })
    const { rawHeaders } = JSON.parse(answer) as { rawHeaders: string[] }
    const valueOf = (name: string): string | undefined => rawHeaders[rawHeaders.indexOf(name) + 1]
    expect(valueOf('x-forwarded-proto')).toBe('https')
    expect(valueOf('forwarded')).toContain('proto=https')
  })

  it('is not believed by who does not know its certificate, and speaks no plain HTTP', async () => {
    await expect(fetch(`${here.url}/healthz`)).rejects.toThrow('fetch failed')
    await expect(fetch(`${here.url.replace('https', 'http')}/healthz`)).rejects.toThrow('fetch failed')
  })

  it('lets pages of its own origin in, and none of the same name without TLS', async () => {
    const status = (origin: string): Promise<number> =>
      new Promise((resolve, reject) => {
        const sent = secureRequest(`${here.url}/call/web`, { ca, headers: { origin } }, (response) => {
          response.resume()
          resolve(response.statusCode!)
        })
        sent.on('error', reject).end()
      })
    expect(await status(here.url)).toBe(200)
    expect(await status(here.url.replace('https', 'http'))).toBe(403)
  })

  it('changes to another protocol as well', async () => {
    const socket = connect({ port: Number(new URL(here.url).port), host: '127.0.0.1', ca })
    let said = ''
    socket.setEncoding('latin1').on('data', (part: string) => (said += part))
    socket.write('GET /call/web/web/chat HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade\r\nupgrade: echo\r\n\r\n')
    await eventually(() => said.includes('hello /chat\n'))
    socket.write('and back')
    await eventually(() => said.endsWith('and back'))
    expect(said).toMatch(/^HTTP\/1.1 101 Switching Protocols\r\n/)
    socket.destroy()
    await eventually(() => here.adapter.underWay === 0)
  })
})
