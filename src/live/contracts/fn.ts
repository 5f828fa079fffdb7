import { watch } from 'node:fs'
import { lstat, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Contract, Reply } from '../contract.ts'
import { Fault } from '../fault.ts'
import { httpClient } from '../http-call.ts'

const INSIDE = '/tmp/iofs'
const SOCKET = 'lsnr.sock'

/** The Fn project's `http-stream`: HTTP over a unix socket in a shared folder, so that a container needs no network. */
export const fn: Contract = {
  id: 'fn',
  summary: 'HTTP over a unix socket, as the Fn FDKs serve it; needs no container network.',
  source: 'fnproject/fn, docs/developers/fn-format.md',
  needs: { port: false, callback: false, folder: INSIDE },
  async open(app, { folder }) {
    const client = httpClient()
    const socketPath = join(folder!.outside, SOCKET)
    return {
      env: {
        FN_FORMAT: 'http-stream',
        FN_LISTENER: `unix:${join(folder!.inside, SOCKET)}`,
        FN_MEMORY: String(Math.round(app.memoryMb)),
        FN_APP_ID: app.name,
        FN_APP_NAME: app.name,
        FN_FN_ID: app.functions[0]!,
        FN_ID: app.functions[0]!,
        FN_NAME: app.functions[0]!,
        FN_TYPE: 'sync',
      },
      ready: (_sandbox, signal) => appears(folder!.outside, signal),
      async invoke({ id, fn: name, headers, body }, deadlineMs, signal) {
        const own = {
          host: 'localhost',
          'fn-call-id': id,
          'fn-deadline': new Date(deadlineMs).toISOString(),
          'x-function': name,
        }
        const call = { method: 'POST', path: '/call', headers: { ...headers, ...own }, body }
        return answered(await client.send({ socketPath }, call, signal))
      },
      close: async () => client.close(),
    }
  },
}

/** Waits for the socket, which a program binds under another name and then links to, so that it is never half there. */
function appears(folder: string, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const onAbort = (): void => reject(signal.reason)
  signal.addEventListener('abort', onAbort)
  if (signal.aborted) onAbort()
  const watcher = watch(folder)
  const look = (): void => void isThere(folder).then((there) => (there ? resolve() : undefined), reject)
  watcher.on('change', look).on('error', reject)
  look()
  return promise.finally(() => {
    watcher.close()
    signal.removeEventListener('abort', onAbort)
  })
}

async function isThere(folder: string): Promise<boolean> {
  const path = join(folder, SOCKET)
  const status = await lstat(path).catch(() => undefined)
  if (status === undefined) return false
  if (!status.isSymbolicLink()) return status.isSocket()
  const to = await readlink(path)
  // A link that leads out of the folder could name any socket of this machine.
  if (to.includes('/')) throw new Fault('garbage', `${SOCKET} is a link to ${to}, which is not beside it`)
  return true
}

/** 200 is an answer, 502 a function that failed, 504 one that took too long; after anything else the instance goes. */
function answered(reply: Reply): Reply {
  if (reply.status === 200) return reply
  if (reply.status === 502) throw new Fault('failed', 'the function failed')
  if (reply.status === 504) throw new Fault('timeout', 'the function says that it took too long')
  throw new Fault('garbage', `the status ${reply.status} is none of this contract`)
}
