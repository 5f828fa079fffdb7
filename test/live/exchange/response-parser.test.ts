import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Head, ResponseParser } from '../../../src/live/exchange/response-parser.ts'

interface Read {
  heads: Head[]
  body: string
  ends: boolean[]
  upgraded: string | undefined
}

/** Reads an answer that comes in these pieces. */
function read(pieces: readonly string[], { method = 'GET', upgrade = false, closes = false } = {}): Read {
  const seen: Read = { heads: [], body: '', ends: [], upgraded: undefined }
  const parser = new ResponseParser({
    onHead: (head) => seen.heads.push(head),
    onData: (bytes) => (seen.body += bytes.toString('latin1')),
    onEnd: (mayGoOn) => seen.ends.push(mayGoOn),
    onUpgrade: (_head, rest) => (seen.upgraded = rest.toString('latin1')),
  })
  parser.expect(method, upgrade)
  for (const piece of pieces) parser.take(Buffer.from(piece, 'latin1'))
  if (closes) parser.end()
  return seen
}

const COUNTED = 'HTTP/1.1 200 OK\r\nX-Two: a\r\nx-two: b\r\nContent-Length: 5\r\n\r\nhello'
const CHUNKED =
  'HTTP/1.1 201 Made\r\ntransfer-encoding: chunked\r\n\r\n5;x=1\r\nhello\r\nA\r\n0123456789\r\n0\r\nt: 1\r\n\r\n'

/** Whether the connection goes on after an answer with this first line and these headers. */
const goesOn = (first: string, more: string): boolean[] =>
  read([`${first} 200\r\n${more}content-length: 0\r\n\r\n`]).ends

describe('an answer', () => {
  it('is read as it was sent: its words, its header lines in their case and order, its body', () => {
    const { heads, body, ends } = read([COUNTED])
    const headers = ['X-Two', 'a', 'x-two', 'b', 'Content-Length', '5']
    expect(heads).toEqual([{ status: 200, reason: 'OK', headers, length: 5 }])
    expect([body, ends]).toEqual(['hello', [true]])
  })

  it('keeps a byte of 160 at the end of a value, as of a name in UTF-8, and no space round it', () => {
    const [head] = read([
      'HTTP/1.1 200 OK\r\nx-city: \t Citt\u00c3\u00a0 \t\r\nx-none:\r\ncontent-length: 0\r\n\r\n',
    ]).heads
    expect(head!.headers.slice(0, 4)).toEqual(['x-city', 'Citt\u00c3\u00a0', 'x-none', ''])
  })

  it('is the same in whatever pieces it comes', () => {
    const answers = fc.constantFrom(COUNTED, CHUNKED)
    fc.assert(
      fc.property(answers, fc.array(fc.nat(120), { maxLength: 8 }), (answer, cuts) => {
        const at = [0, ...cuts.map((cut) => cut % answer.length).toSorted((a, b) => a - b), answer.length]
        const pieces = at.slice(1).map((end, index) => answer.slice(at[index], end))
        expect(read(pieces.filter(Boolean))).toEqual(read([answer]))
      }),
      { numRuns: 300, seed: 1 },
    )
  })

  it('has no body after HEAD, with 204 and with 304, whatever its length says', () => {
    expect(read(['HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n'], { method: 'HEAD' }).ends).toEqual([true])
    expect(read(['HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\n\r\n']).ends).toEqual([true])
    expect(read(['HTTP/1.1 204 No Content\r\n\r\n']).ends).toEqual([true])
  })

  it('ends with its connection where it says no length', () => {
    expect(read(['HTTP/1.1 200 OK\r\n\r\nuntil the end'], { closes: true })).toMatchObject({
      body: 'until the end',
      ends: [false],
    })
    expect(read([COUNTED.slice(0, -1)], { closes: true }).ends).toEqual([])
  })

  it('comes after those that only announce it', () => {
    const announced = read([`HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n${COUNTED}`])
    expect(announced.heads.map(({ status }) => status)).toEqual([200])
  })

  it('changes the protocol only where that was asked for', () => {
    const answer = 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\nframes'
    expect(read([answer], { upgrade: true }).upgraded).toBe('frames')
    expect(() => read([answer])).toThrow('a protocol that nobody asked for')
  })

  it('keeps the connection unless it says otherwise', () => {
    expect(goesOn('HTTP/1.1', '')).toEqual([true])
    expect(goesOn('HTTP/1.1', 'Connection: Close\r\n')).toEqual([false])
    expect(goesOn('HTTP/1.0', '')).toEqual([false])
    expect(goesOn('HTTP/1.0', 'connection: keep-alive\r\n')).toEqual([true])
  })

  it.each([
    ['another protocol', 'SSH-2.0-OpenSSH\r\n\r\n'],
    ['a status of four digits', 'HTTP/1.1 2000 OK\r\n\r\n'],
    ['a status of no meaning', 'HTTP/1.1 600 OK\r\n\r\n'],
    ['another version', 'HTTP/2.0 200 OK\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'],
    ['a length that is none', 'HTTP/1.1 200 OK\r\ncontent-length: +1\r\n\r\na'],
    ['a length and chunks', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['another coding', 'HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n'],
    ['a folded header', 'HTTP/1.1 200 OK\r\nx: 1\r\n 2\r\ncontent-length: 0\r\n\r\n'],
    ['a blank before the colon', 'HTTP/1.1 200 OK\r\nx : 1\r\ncontent-length: 0\r\n\r\n'],
    ['a line that ends in LF alone', 'HTTP/1.1 200 OK\r\nx: 1\ny: 2\r\ncontent-length: 0\r\n\r\n'],
    [
      'a chunk that is longer than it says',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n',
    ],
    ['a chunk of no number', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n'],
    ['more than itself', `${COUNTED}HTTP/1.1 200 OK\r\n\r\n`],
    ['a head without an end', `HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(4000)}`],
  ])('is none with %s', (_what, answer) => {
    expect(() => read([answer])).toThrow(expect.objectContaining({ kind: 'garbage' }))
  })
})
