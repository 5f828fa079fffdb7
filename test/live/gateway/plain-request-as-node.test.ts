import * as fc from 'fast-check'
import { createServer } from 'node:http'
import { Duplex } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { plainRequestIn } from '../../../src/live/gateway/plain-request.ts'

interface Seen {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly rawHeaders: readonly string[]
  readonly body: string
}

/** The requests that Node's own server finds in these bytes, and whether it found anything wrong. */
async function asNodeReads(bytes: Buffer): Promise<{ readonly seen: readonly Seen[]; readonly isRefused: boolean }> {
  const seen: Seen[] = []
  let isRefused = false
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const { method, url, rawHeaders } = request
      seen.push({ method, url, rawHeaders, body: Buffer.concat(parts).toString('latin1') })
      response.end()
    })
  })
  server.on('clientError', () => (isRefused = true))
  const socket = new Duplex({ read: () => undefined, write: (_bytes, _encoding, done) => done() })
  server.emit('connection', socket)
  socket.push(bytes)
  for (let turns = 0; turns < 4; turns += 1) await turn()
  socket.destroy()
  return { seen, isRefused }
}

const line = fc.constantFrom(
  'x: 1',
  'X-Name: a b',
  'content-length: 3',
  'content-length: 5',
  'Content-Length: 0',
  'transfer-encoding: chunked',
  'connection: keep-alive',
  'connection: close',
  'te: trailers',
  'cookie: a=b; c=d',
  'empty:',
  'host: y',
  'tab:\tone',
)
const request = fc
  .record({
    first: fc.constantFrom('GET / HTTP/1.1', 'POST /call/a?b=%E9 HTTP/1.1', 'PURGE /x HTTP/1.1', 'HEAD /x HTTP/1.0'),
    host: fc.constantFrom('Host: x\r\n', 'host: localhost:80\r\n'),
    /** Whether it tells the length of its body. */
    tells: fc.boolean(),
    lines: fc.array(line, { maxLength: 4 }),
    body: fc.constantFrom('', 'abc', 'hello', '0\r\n\r\n', '3\r\nabc\r\n0\r\n\r\n'),
  })
  .map((drawn) => ({
    ...drawn,
    lines: [...drawn.lines, ...(drawn.tells ? [`content-length: ${drawn.body.length}`] : [])],
  }))
  .map(({ first, host, lines, body }) => `${first}\r\n${host}${lines.map((each) => `${each}\r\n`).join('')}\r\n${body}`)
/** Places of the bytes where something is put in, left out or overwritten. */
const changes = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    drop: fc.nat(2),
    text: fc.constantFrom(
      '',
      ' ',
      '\t',
      '\r',
      '\n',
      '\r\n',
      ':',
      '\0',
      '\x7f',
      '\xa0',
      '0',
      ',',
      'a',
      'GET / HTTP/1.1\r\n',
    ),
  }),
  { maxLength: 2 },
)

it('what is read as a plain request is one request, and the same one, to the server of Node', async () => {
  let read = 0
  await fc.assert(
    fc.asyncProperty(request, changes, async (text, edits) => {
      let changed = text
      for (const { at, drop, text: put } of edits) {
        const from = Math.floor(at * (changed.length + 1))
        changed = changed.slice(0, from) + put + changed.slice(from + drop)
      }
      const bytes = Buffer.from(changed, 'latin1')
      const plain = plainRequestIn(bytes)
      if (plain === undefined) return
      read += 1
      const { method, url, rawHeaders, body } = plain
      const only = { method, url, rawHeaders, body: body.toString('latin1') }
      expect(await asNodeReads(bytes)).toEqual({ seen: [only], isRefused: false })
    }),
    { numRuns: 10_000 },
  )
  expect(read).toBeGreaterThan(300)
})
