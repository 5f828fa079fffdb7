import { type IncomingHttpHeaders, METHODS } from 'node:http'
import { isToken, isValue } from '../exchange/headers.ts'
import { MOST_HEADER_BYTES } from '../live-limits.ts'
import { TOKEN_HEADER } from './admission.ts'

/** What the gateway looks at of a request's head; Node's requests have it too. */
export interface RequestHead {
  readonly method?: string | undefined
  readonly rawHeaders: readonly string[]
  readonly headers: IncomingHttpHeaders
  readonly socket: { readonly remoteAddress?: string | undefined }
}

/** A request of HTTP/1.1 that arrived whole, in one piece, and needs nothing but an answer. */
export interface PlainRequest {
  readonly method: string
  readonly url: string
  readonly rawHeaders: readonly string[]
  /** Those of {@link LOOKED_AT} that there are. */
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** The headers that the gateway looks at by their names. */
const LOOKED_AT: ReadonlySet<string> = new Set([
  'host',
  'origin',
  'sec-fetch-site',
  'authorization',
  'content-length',
  TOKEN_HEADER,
])
/** A request with one of these headers needs more than an answer, or frames its body in another way. */
const MORE: ReadonlySet<string> = new Set(['transfer-encoding', 'expect', 'upgrade', 'trailer', 'http2-settings'])
const LENGTHS: ReadonlySet<number> = new Set([...LOOKED_AT, ...MORE, 'connection'].map((name) => name.length))
const KNOWN: ReadonlySet<string> = new Set(METHODS.filter((method) => method !== 'CONNECT'))
const END_OF_HEAD = Buffer.from('\r\n\r\n')
const REQUEST_LINE = /^([A-Z-]+) (\/[!-~]*) HTTP\/1\.1$/
const DIGITS = /^\d{1,9}$/

/**
 * The request in these bytes, where they are exactly one plain request; undefined for anything else, valid or not.
 * It is strict, so that no other reader finds two requests where it finds one.
 */
export function plainRequestIn(bytes: Buffer): PlainRequest | undefined {
  const end = bytes.indexOf(END_OF_HEAD)
  if (end < 0 || end > MOST_HEADER_BYTES) return undefined
  const head = bytes.toString('latin1', 0, end)
  let next = head.indexOf('\r\n')
  if (next < 0) return undefined
  const [, method = '', url = ''] = REQUEST_LINE.exec(head.slice(0, next)) ?? []
  if (!KNOWN.has(method)) return undefined
  const rawHeaders: string[] = []
  const headers: IncomingHttpHeaders = {}
  for (let at = next + 2; at <= end; at = next + 2) {
    next = head.indexOf('\r\n', at)
    if (next < 0) next = end
    const colon = head.indexOf(':', at)
    if (colon < 0 || colon > next) return undefined
    const name = head.slice(at, colon)
    const value = head.slice(head[colon + 1] === ' ' ? colon + 2 : colon + 1, next)
    if (!isToken(name) || !isValue(value) || isPadded(value)) return undefined
    rawHeaders.push(name, value)
    if (!LENGTHS.has(name.length)) continue
    const known = name.toLowerCase()
    if (MORE.has(known)) return undefined
    if (known === 'connection' && value.toLowerCase() !== 'keep-alive') return undefined
    if (!LOOKED_AT.has(known)) continue
    // Node's server decides which of two counts.
    if (headers[known] !== undefined) return undefined
    headers[known] = value
  }
  const { host, 'content-length': told = '0' } = headers
  if (host === undefined || !DIGITS.test(told)) return undefined
  const from = end + END_OF_HEAD.length
  if (bytes.length - from !== Number(told)) return undefined
  return { method, url, rawHeaders, headers, body: bytes.subarray(from) }
}

function isPadded(value: string): boolean {
  return value.length > 0 && value !== value.replace(/^[\t ]+|[\t ]+$/g, '')
}
