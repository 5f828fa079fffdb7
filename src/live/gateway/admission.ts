import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'

/** What tokens are for: each may have its own. */
export type Purpose = 'calls' | 'admin' | 'metrics'
export type Tokens = Readonly<Partial<Record<Purpose, string>>>

/** The header in which a token leaves `Authorization` to the function. */
export const TOKEN_HEADER = 'pilotlight-token'

/** This machine's own name, as most clients of loopback call it, with a port or without. */
const OWN_NAME = /^(?:localhost|127\.0\.0\.1)(?::\d+)?$/i

/** Whether an address is this machine's alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}

/**
 * The HTTP status with which a request is refused; undefined where it is allowed. `isByHost`: it came by a host name that the
 * live file gives to an app.
 */
export function refusal(
  headers: IncomingHttpHeaders,
  token: string | undefined,
  scheme: string,
  isByHost: boolean,
): 401 | 403 | undefined {
  if (token !== undefined) return hasToken(headers, token) ? undefined : 401
  // Without a token everyone on loopback may call, except for pages of other sites in a browser on this machine: those
  // whose requests name their origin, and those that came by a host name that nobody here chose.
  if (headers['sec-fetch-site'] === 'cross-site' || headers['sec-fetch-site'] === 'same-site') return 403
  if (headers.origin !== undefined && headers.origin !== `${scheme}://${headers.host}`) return 403
  const { host = '' } = headers
  if (isByHost || host === '' || OWN_NAME.test(host)) return undefined
  return isIP(host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')) > 0 ? undefined : 403
}

/** Whether `Authorization` holds the adapter's own token, which functions must not see. */
export function isOwnToken(authorization: string, token: string | undefined): boolean {
  return token !== undefined && isSame(bearerIn(authorization), token)
}

function hasToken(headers: IncomingHttpHeaders, token: string): boolean {
  const own = headers[TOKEN_HEADER]
  if (typeof own === 'string') return isSame(own, token)
  return isSame(bearerIn(headers.authorization ?? ''), token)
}

/** The scheme is written in any case (RFC 9110, section 11.1). */
function bearerIn(authorization: string): string {
  return /^bearer +(\S+)$/i.exec(authorization)?.[1] ?? ''
}

/** Takes the same time for all texts, so that the time does not reveal the token. */
function isSame(given: string, expected: string): boolean {
  const [one, other] = [given, expected].map((text) => createHash('sha256').update(text).digest())
  return timingSafeEqual(one!, other!)
}
