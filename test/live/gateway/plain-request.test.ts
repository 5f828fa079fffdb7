import { describe, expect, it } from 'vitest'
import { plainRequestIn } from '../../../src/live/gateway/plain-request.ts'

const read = (text: string) => plainRequestIn(Buffer.from(text, 'latin1'))
const withLine = (line: string) => read(`POST /call/a HTTP/1.1\r\nHost: x\r\n${line}\r\n\r\n`)

describe('a plain request', () => {
  it('is read with its header lines as they were sent', () => {
    const text = 'POST /call/a%E9?b=c HTTP/1.1\r\nHost: x\r\nX-Seen: 1'
    const request = read(`${text}\r\nx-name: Ren\u00c3\u00a9\u00a0\r\nEmpty:\r\ncontent-length: 5\r\n\r\nhello`)
    expect(request).toMatchObject({
      method: 'POST',
      url: '/call/a%E9?b=c',
      headers: { host: 'x', 'content-length': '5' },
      rawHeaders: ['Host', 'x', 'X-Seen', '1', 'x-name', 'Ren\u00c3\u00a9\u00a0', 'Empty', '', 'content-length', '5'],
    })
    expect(request?.body.toString()).toBe('hello')
  })

  it('may have no body', () => {
    expect(read('GET / HTTP/1.1\r\nHost: x\r\n\r\n')?.body.length).toBe(0)
    expect(withLine('content-length: 0')?.body.length).toBe(0)
  })

  it.each(['connection: keep-alive', 'Connection: Keep-Alive', 'accept: */*', 'te: trailers', 'x: a\tb'])(
    'may say %j',
    (line) => expect(withLine(line)).toBeDefined(),
  )
})

describe('whatever could be read in two ways, or asks for more, is no plain request', () => {
  it.each([
    'transfer-encoding: chunked',
    'Transfer-Encoding: identity',
    'expect: 100-continue',
    'upgrade: websocket',
    'connection: upgrade',
    'connection: close',
    'connection: keep-alive, x-own',
    'content-length: 1',
    'content-length: +0',
    'content-length: 0x0',
    'content-length: ',
    'content-length: 0\r\ncontent-length: 0',
    'content-length: 0, 0',
    'host: y',
    'authorization: a\r\nauthorization: b',
    'origin: a\r\norigin: b',
    'x : 1',
    ' x: 1',
    'x:  two spaces',
    'x: at its end ',
    'x: 1\r\n y',
    'x: a\nb: c',
    'x: a\rb',
    'x: a\0b',
    'no colon',
    ': no name',
    'a(b): c',
  ])('%j', (line) => expect(withLine(line)).toBeUndefined())

  it.each([
    'GET / HTTP/1.0\r\nHost: x\r\n\r\n',
    'GET / HTTP/1.1\r\n\r\n',
    'GET / HTTP/1.1\r\naccept: x\r\n\r\n',
    'GET  / HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n',
    'OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n',
    'CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n',
    'get / HTTP/1.1\r\nHost: x\r\n\r\n',
    'ODD / HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET /\u00e9 HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET / HTTP/1.1\nHost: x\n\n',
    '\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: x\r\n',
    'GET / HTTP/1.1\r\nHost: x\r\n\r\nmore',
    'POST / HTTP/1.1\r\nHost: x\r\ncontent-length: 9\r\n\r\nless',
    'GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n',
    '',
  ])('%j', (text) => expect(read(text)).toBeUndefined())

  it('a head that is too long', () => {
    expect(withLine(`x: ${'a'.repeat(20_000)}`)).toBeUndefined()
  })
})
