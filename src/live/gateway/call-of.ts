import { endToEnd, headerIn } from '../exchange/headers.ts'
import type { Call } from '../instance/contract.ts'
import { isOwnToken, TOKEN_HEADER } from './admission.ts'
import type { RequestHead } from './plain-request.ts'

/** Whether requests come over TLS. */
export type Scheme = 'http' | 'https'

/** Headers that only the gateway may set, and those of a connection: a client's own are not passed on. */
const NOT_THE_CLIENTS: ReadonlySet<string> = new Set([
  'content-length',
  'expect',
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-port',
  'x-forwarded-server',
  'x-real-ip',
  'x-call-id',
  'x-function',
  TOKEN_HEADER,
])

/** The header lines of a call: the client's own, and where it came from (RFC 7239). */
function headersOf(request: RequestHead, scheme: Scheme, token: string | undefined): string[] {
  const { rawHeaders, socket } = request
  const isOwn = isOwnToken(request.headers.authorization ?? '', token)
  const lines = endToEnd(rawHeaders, (name) => NOT_THE_CLIENTS.has(name) || (isOwn && name === 'authorization'))
  const from = (socket.remoteAddress ?? 'unknown').replace(/^::ffff:/, '')
  const host = headerIn(rawHeaders, 'host')
  lines.push('x-forwarded-for', from, 'x-forwarded-proto', scheme)
  let forwarded = `for=${from.includes(':') ? `"[${from}]"` : from};proto=${scheme}`
  if (host !== undefined) {
    lines.push('x-forwarded-host', host)
    forwarded += /^[\w.-]+$/.test(host) ? `;host=${host}` : `;host=${JSON.stringify(host)}`
  }
  lines.push('forwarded', forwarded)
  return lines
}

/** What every call has of its request, without the body. */
export function callOf(
  request: RequestHead,
  about: { readonly id: string; readonly fn: string; readonly path: string },
  scheme: Scheme,
  token: string | undefined,
): Omit<Call, 'body'> {
  const { method = 'GET', headers } = request
  const url = `${scheme}://${headers.host ?? 'localhost'}${about.path}`
  return { ...about, method, headers: headersOf(request, scheme, token), url }
}
