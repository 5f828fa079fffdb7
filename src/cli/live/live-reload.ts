import { request as requestPlain } from 'node:http'
import { request as requestSecure, type RequestOptions } from 'node:https'
import { UserError } from '../../core/user-error.ts'
import { isLoopback, TOKEN_HEADER } from '../../live/gateway/admission.ts'
import type { LiveConfig } from '../../live/live-config.ts'

/** How long an adapter may take to look at the apps of its file. */
const RELOADING_MS = 60_000

/** Has the adapter of a live file read that file again; gives what it says of that. */
export async function askToReload({ name, listen: { host, port, tokens, tls } }: LiveConfig): Promise<object> {
  const token = tokens.admin === undefined ? {} : { [TOKEN_HEADER]: tokens.admin }
  // Whoever listens everywhere is reached here as well.
  const at = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host
  const options = { host: at, port, path: '/admin/reload', method: 'POST', headers: token, timeout: RELOADING_MS }
  const { status, text } = await new Promise<{ status: number; text: string }>((resolve, reject) => {
    const sent = tls === undefined ? requestPlain(options) : requestSecure({ ...options, ...trustOf(at, tls.cert) })
    sent.on('response', (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => (text += part))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
    sent.on('timeout', () => sent.destroy(new Error('no answer')))
    sent.on('error', (error: NodeJS.ErrnoException) => {
      const problem = `no adapter ${JSON.stringify(name)} answers at ${at}:${port} (${error.code ?? error.message})`
      reject(new UserError({ where: 'listen', problem, hint: 'Start it with "pilotlight live serve".' }))
    })
    sent.end()
  })
  const answer = JSON.parse(text) as { readonly message?: string }
  if (status === 200) return answer
  throw new UserError({
    where: name,
    problem: answer.message?.replace(/\.$/, '') ?? `the adapter answers with the status ${status}`,
  })
}

/** On loopback it may still have the certificate that the file had before; elsewhere it must have the file's own, for any name. */
function trustOf(host: string, ca: string): RequestOptions {
  return isLoopback(host) ? { rejectUnauthorized: false } : { ca, checkServerIdentity: () => undefined }
}
