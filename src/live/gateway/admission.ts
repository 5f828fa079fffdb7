import { timingSafeEqual } from 'node:crypto'
import { isIP } from 'node:net'
import type { IncomingHttpHeaders } from 'node:http'

/** Whether an address is this machine's alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}

/** Why a request is not let in, as an HTTP status; undefined when it is. */
export function refusal(headers: IncomingHttpHeaders, token: string | undefined): 401 | 403 | undefined {
  if (token !== undefined) return hasToken(headers.authorization ?? '', token) ? undefined : 401
  // Without a token whoever reaches loopback is let in, but for pages of other sites in a browser on this machine: those
  // that say where they come from, and those that reached it by a name of their own.
  if (headers['sec-fetch-site'] === 'cross-site' || headers['sec-fetch-site'] === 'same-site') return 403
  if (headers.origin !== undefined && headers.origin !== `http://${headers.host}`) return 403
  const host = (headers.host ?? '')
    .toLowerCase()
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '')
  return host === '' || isLoopback(host) || isIP(host) > 0 ? undefined : 403
}

function hasToken(authorization: string, token: string): boolean {
  const given = Buffer.from(authorization)
  const expected = Buffer.from(`Bearer ${token}`)
  return given.length === expected.length && timingSafeEqual(given, expected)
}
