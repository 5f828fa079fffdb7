import { connect, type Socket } from 'node:net'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appOf } from '../deployed.ts'
import { configOf, eventually, type Served, serving } from '../serving.ts'

const web = appOf('process', 'http', 'http-server', { name: 'web', functions: ['web'], hosts: ['web.example'] })
/** Answers every request with events, whatever protocol it asks for. */
const EVENTS = `require('node:http').createServer((_, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  let count = 0
  const timer = setInterval(() => response.write('data: ' + (count += 1) + '\\n\\n'), 20)
  response.on('close', () => clearInterval(timer))
}).listen(process.env.PORT)`
const events = appOf('process', 'http', 'http-server', { name: 'events', command: [process.execPath, '-e', EVENTS] })

const QUIET = `require('node:http').createServer((_, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\\n\\n')
}).listen(process.env.PORT)`
const quiet = appOf('process', 'http', 'http-server', { name: 'quiet', command: [process.execPath, '-e', QUIET] })
const ODD = `require('node:net').createServer((socket) => {
  socket.on('data', () => socket.write('HTTP/1.1 200 OK\\r\\nx-odd: \\x01\\r\\ncontent-type: text/event-stream\\r\\n\\r\\n'))
}).listen(process.env.PORT)`
const odd = appOf('process', 'http', 'http-server', { name: 'odd', command: [process.execPath, '-e', ODD] })
/** Fn: answers with more than is read before its reader reads. */
const LONG = `const path = process.env.FN_LISTENER.slice('unix:'.length)
require('node:http').createServer((_, response) => {
  response.write(Buffer.alloc(600_000))
  setTimeout(() => response.end(Buffer.alloc(600_000)), 20)
}).listen(path + '.tmp', () => require('node:fs').symlinkSync('lsnr.sock.tmp', path))`
const long = appOf('process', 'fn', 'fdk', { name: 'long', command: [process.execPath, '-e', LONG] })

let here: Served
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pl-passing-'))
  here = await serving(
    configOf('process', [web, events, long, quiet, odd, { ...events, name: 'flood', mostAnswerBytes: 1000 }], folder),
  )
})
afterAll(async () => {
  await here.close()
  rmSync(folder, { recursive: true })
})

/**
 * Who reads a request: the gateway itself where it is plain, and else Node's server, as where the connection is to end with it.
 * Node's does not answer to who has ended its half of the connection.
 */
type Reader = 'the gateway itself' | 'Node’s server'
const READERS: readonly Reader[] = ['the gateway itself', 'Node’s server']

const readBy = (reader: Reader, lines: readonly string[]): Promise<string> =>
  reader === 'Node’s server' ? sent([...lines, 'connection: close']) : sent(lines, undefined, 'end')

/** Sends these lines, and gives all that comes back until the connection ends. */
function sent(
  lines: readonly string[],
  port = Number(new URL(here.url).port),
  how: 'write' | 'end' = 'write',
): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let text = ''
    socket.setEncoding('latin1').on('data', (part: string) => (text += part))
    socket.on('close', () => resolve(text)).on('error', reject)
    socket[how](`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
  })
}

/** Whether a line is the gateway's, or that of its connection. */
const isOwn = (line: string): boolean => /^(x-call-id|connection|keep-alive|transfer-encoding):/i.test(line)

/**
 * The head and the body of the answer that a function gives in these words. It ends its connection after each, and says so:
 * how connections end that do not is tried elsewhere.
 */
async function said(reader: Reader, answer: string, method = 'GET'): Promise<{ head: string[]; body: string }> {
  const path = `/call/web/web/raw/${encodeURIComponent(answer.replace('\r\n', '\r\nConnection: close\r\n'))}`
  const text = await readBy(reader, [`${method} ${path} HTTP/1.1`, 'host: localhost'])
  const end = text.indexOf('\r\n\r\n')
  return {
    head: text
      .slice(0, end)
      .split('\r\n')
      .filter((line) => !isOwn(line)),
    body: text.slice(end + 4),
  }
}

async function mirrored(
  reader: Reader,
  ...lines: string[]
): Promise<{ rawHeaders: string[]; method: string; url: string }> {
  const text = await readBy(reader, lines)
  return JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1))
}

describe.each(READERS)('an answer to a request that is read by %s', (reader) => {
  it('to HEAD has the length that the function said, and no other', async () => {
    const { head, body } = await said(reader, 'HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n', 'HEAD')
    expect([head, body]).toEqual([['HTTP/1.1 200 OK', 'Content-Length: 1234'], ''])
    expect((await said(reader, 'HTTP/1.1 200 OK\r\nX: 1\r\ntransfer-encoding: chunked\r\n\r\n', 'HEAD')).head).toEqual([
      'HTTP/1.1 200 OK',
      'X: 1',
    ])
  })

  it('of 304 gets neither a length nor a type', async () => {
    const { head } = await said(reader, 'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n')
    expect(head).toEqual(['HTTP/1.1 304 Not Modified', 'ETag: "a"'])
  })

  it('keeps its words, the case of its headers, their order and how often they come', async () => {
    const lines = [
      'HTTP/1.1 207 Of Many Kinds',
      'Set-Cookie: a=1',
      'X-Odd: \u00e9',
      'Set-Cookie: b=2',
      'Content-Length: 2',
    ]
    expect(await said(reader, `${lines.join('\r\n')}\r\n\r\nok`)).toEqual({ head: lines, body: 'ok' })
  })
})

it.each(READERS)(
  'a stream with a header that HTTP cannot carry is no answer, and its execution ends: read by %s',
  async (reader) => {
    const text = await readBy(reader, ['GET /call/odd HTTP/1.1', 'host: localhost'])
    expect(text).toMatch(/^HTTP\/1.1 502 [^]*"error":"garbage"/)
    await eventually(() => here.adapter.underWay === 0)
  },
)

describe.each(READERS)('a request that is read by %s', (reader) => {
  it('may have any method that HTTP has', async () => {
    for (const method of ['PROPFIND', 'PURGE', 'QUERY', 'OPTIONS', 'DELETE', 'PATCH']) {
      expect(
        await mirrored(reader, `${method} /call/web/web/mirror HTTP/1.1`, 'host: localhost'),
        method,
      ).toMatchObject({
        method,
      })
    }
  })

  it('may have any path, which goes on as it was sent', async () => {
    for (const path of ['/mirror/caf%E9', '/mirror/%zz', '/mirror/a//b/../c?q=%20&q', '/mirror/;x=1']) {
      expect((await mirrored(reader, `GET /call/web/web${path} HTTP/1.1`, 'host: localhost')).url).toBe(path)
    }
    expect(
      (await mirrored('Node’s server', 'GET http://elsewhere/call/web/web/mirror HTTP/1.1', 'host: localhost')).url,
    ).toBe('/mirror')
  })

  it('says where it came from, and nothing that its sender says of that', async () => {
    const forged = [
      'X-Forwarded-For: 8.8.8.8',
      'Forwarded: for=8.8.8.8',
      'x-forwarded-proto: https',
      'X-Real-IP: 8.8.8.8',
    ]
    const { rawHeaders } = await mirrored(
      reader,
      'GET /call/web/web/mirror HTTP/1.1',
      'Host: localhost:1234',
      'X-Kept: 1',
      'X-Kept: 2',
      ...forged,
      'x-call-id: forged',
    )
    const text = rawHeaders.map((part, at) => (at % 2 === 0 ? `${part}: ${rawHeaders[at + 1]}` : '')).filter(Boolean)
    expect(text).toEqual([
      'Host: localhost:1234',
      'X-Kept: 1',
      'X-Kept: 2',
      'x-forwarded-for: 127.0.0.1',
      'x-forwarded-proto: http',
      'x-forwarded-host: localhost:1234',
      'forwarded: for=127.0.0.1;proto=http;host="localhost:1234"',
      expect.stringMatching(/^x-call-id: [0-9a-f-]{36}$/),
      'x-function: web',
    ])
  })

  it('finds its app by the name of its host, with its whole path', async () => {
    const { url } = await mirrored(reader, 'GET /mirror/call/x HTTP/1.1', 'host: WEB.example:8700')
    expect(url).toBe('/mirror/call/x')
  })

  it('finds what Knative promises in its environment', async () => {
    const text = await readBy(reader, ['GET /call/web/web/mirror HTTP/1.1', 'host: localhost'])
    expect(text).toContain('"env":{"K_SERVICE":"web","K_CONFIGURATION":"web","K_REVISION":"web-r1"}')
  })

  it('that is no HTTP gets an error of the one shape', async () => {
    expect(await sent(['this is not HTTP'])).toMatch(
      /^HTTP\/1.1 400 [^]*\{"error":"badRequest","message":"the request is not HTTP"\}$/,
    )
    expect(await sent(['GET / HTTP/1.1', 'host: x:1', `x: ${'y'.repeat(20_000)}`])).toMatch(/^HTTP\/1.1 431 /)
  })
})

const get = (what: string): string => `GET ${what} HTTP/1.1\r\nhost: localhost\r\n`

describe('requests of one connection', () => {
  it('are answered in their order, whoever reads them, and whatever comes before the answer to another', async () => {
    const answers = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(here.url).port), '127.0.0.1')
      let text = ''
      socket
        .setEncoding('latin1')
        .on('error', reject)
        .on('close', () => resolve(text))
      const pieces = [
        `${get('/call/web/web/mirror/1')}\r\n`,
        `${get('/call/web/web/mirror/2')}\r\n${get('/call/none')}\r\n`,
        get('/call/web/web/mirror/3'),
        `\r\n${get('/healthz')}connection: close\r\n\r\n`,
      ]
      const next = (): void => void (pieces.length > 0 && socket.write(pieces.shift()!) && setTimeout(next, 5))
      socket.on('connect', next).on('data', (part: string) => (text += part))
    })
    const seen = [...answers.matchAll(/"url":"([^"]+)"|"error":"(\w+)"|\{"ok":true\}/g)].map(
      ([all, url, error]) => url ?? error ?? all,
    )
    expect(seen).toEqual(['/mirror/1', '/mirror/2', 'notFound', '/mirror/3', '{"ok":true}'])
    await eventually(() => here.adapter.underWay === 0)
  })

  it('to HEAD of a function whose contract knows no HEAD: its body goes nowhere, and its execution ends', async () => {
    const text = await readBy('the gateway itself', ['HEAD /call/long HTTP/1.1', 'host: localhost'])
    expect(text).toMatch(/^HTTP\/1.1 200 OK\r\n[^]*\r\n\r\n$/)
    await eventually(() => here.adapter.underWay === 0)
  })
})

describe('what comes bit by bit', () => {
  it('an event stream is read while it goes on, and ends when its reader leaves', async () => {
    const reader = new AbortController()
    const response = await fetch(`${here.url}/call/web/web/events/20`, { signal: reader.signal })
    let text = ''
    for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
      text += part
      if (text.includes('data: 3')) break
    }
    expect(text).toMatch(/^data: 1\n\ndata: 2\n\ndata: 3\n\n/)
    reader.abort()
    await eventually(() => here.adapter.underWay === 0)
  })

  it('an event stream that says nothing more ends when its reader leaves, which is not told by writing to it', async () => {
    for (const reader of READERS) {
      const socket = connect(Number(new URL(here.url).port), '127.0.0.1')
      const more = reader === 'Node’s server' ? 'te: trailers\r\nconnection: te\r\n' : ''
      socket.write(`${get('/call/quiet')}${more}\r\n`)
      await new Promise((resolve) => socket.once('data', resolve))
      expect(here.adapter.underWay, reader).toBe(1)
      socket.end()
      await eventually(() => here.adapter.underWay === 0)
      socket.destroy()
    }
  })

  it('a request without a length is read by the function while it is sent', async () => {
    const answered = new Promise<string>((resolve, reject) => {
      const call = request(`${here.url}/call/web/web/upload`, { method: 'POST' }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part
          // The rest is only sent once the function has said that it read the beginning.
          if (text === 'begun\n') call.end(Buffer.alloc(2_000_000))
        })
        response.on('end', () => resolve(text))
      })
      call.on('error', reject)
      call.write('the beginning')
    })
    expect(await answered).toBe('begun\n2000013 bytes\n')
  })

  it('a request that becomes too long is cut off', async () => {
    const failed = new Promise<string>((resolve) => {
      const call = request(`${here.url}/call/web/web/upload`, { method: 'POST' }, (response) => {
        response.on('data', () => undefined).on('close', () => resolve('closed'))
      })
      call.on('error', () => resolve('closed'))
      for (let part = 0; part < 8; part += 1) call.write(Buffer.alloc(1024 * 1024))
    })
    expect(await failed).toBe('closed')
    await eventually(() => here.adapter.underWay === 0)
  })

  it('another protocol passes both ways, and is one execution for as long as it lasts', async () => {
    const socket: Socket = connect(Number(new URL(here.url).port), '127.0.0.1')
    let text = ''
    socket.setEncoding('latin1').on('data', (part: string) => (text += part))
    const lines = ['GET /call/web/web/chat?x HTTP/1.1', 'host: localhost', 'connection: Upgrade', 'upgrade: echo']
    socket.write(`${lines.join('\r\n')}\r\n\r\n`)
    await eventually(() => text.includes('hello /chat?x\n'))
    expect(text).toMatch(/^HTTP\/1.1 101 Switching Protocols\r\n/)
    expect(here.adapter.underWay).toBe(1)
    socket.write('and back')
    await eventually(() => text.endsWith('and back'))
    socket.destroy()
    await eventually(() => here.adapter.underWay === 0)
  })

  it('the answer of a function that keeps to HTTP though another protocol was asked for', async () => {
    const socket: Socket = connect(Number(new URL(here.url).port), '127.0.0.1')
    let text = ''
    socket.setEncoding('latin1').on('data', (part: string) => (text += part))
    socket.write('GET /call/events HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade\r\nupgrade: echo\r\n\r\n')
    await eventually(() => text.includes('data: 3\n\n'))
    expect(text).toMatch(
      /^HTTP\/1.1 200 OK\r\ncontent-type: text\/event-stream\r\n[^]*connection: close\r\n\r\ndata: 1\n/,
    )
    socket.destroy()
    await eventually(() => here.adapter.underWay === 0)
  })

  it('an event stream whose caller does not wait for it is no answer once it is too long', async () => {
    const begun = await fetch(`${here.url}/async/flood`, { method: 'POST' })
    const result = `${here.url}${begun.headers.get('location')}`
    await eventually(async () => (await fetch(result)).status !== 202)
    expect(await (await fetch(result)).json()).toMatchObject({
      error: 'garbage',
      message: 'the answer has more than 1000 bytes',
    })
    await eventually(() => here.adapter.underWay === 0)
  })

  it('lines that a function prints are told as they come', async () => {
    await here.get('/call/web/web/print/first')
    await eventually(async () => (await here.get('/logs/web?follow=0')).text.includes('printed first'))
    const reader = new AbortController()
    const response = await fetch(`${here.url}/logs/web?lines=0`, { signal: reader.signal })
    await here.get('/call/web/web/print/second')
    let text = ''
    for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
      text += part
      if (text.includes('\n')) break
    }
    expect(text).toMatch(/^\d{4}-\d\d-\d\dT\S+Z \d+ printed second\n$/)
    reader.abort()
    expect((await here.get('/logs/nobody')).status).toBe(404)
    const refused = await here.get('/logs/web?lines=ten')
    expect(refused).toMatchObject({
      status: 400,
      body: { error: 'badRequest', message: 'lines: expected a whole number, found "ten"' },
    })
    expect((await here.get('/logs/web?follow=no')).body['message']).toBe('follow: expected 0 or 1, found "no"')
    // A request of the head only does not wait for lines.
    expect((await fetch(`${here.url}/logs/web`, { method: 'HEAD' })).status).toBe(200)
  })
})
