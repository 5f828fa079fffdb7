import { constants, watch } from 'node:fs'
import { type FileHandle, lstat, open, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Contract, Reply } from '../instance/contract.ts'
import { Fault } from '../fault.ts'
import { httpClient } from '../gateway/http-call.ts'

const INSIDE = '/tmp/iofs'
const SOCKET = 'lsnr.sock'
/** Linux's O_PATH (open(2)): a handle of the file itself, whatever its name leads to later. */
const O_PATH = 0o10000000

/** The Fn project's `http-stream`: HTTP over a unix socket in a shared folder, so that a container needs no network. */
export const fn: Contract = {
  id: 'fn',
  summary: 'HTTP over a unix socket, as the Fn FDKs serve it; needs no container network.',
  source: 'fnproject/fn, docs/developers/fn-format.md',
  needs: { port: false, callback: false, folder: INSIDE },
  async open(app, { folder }) {
    const client = httpClient()
    let socket: FileHandle | undefined
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
      async ready(_sandbox, signal) {
        socket = await appears(folder!.outside, signal)
      },
      async invoke({ id, fn: name, headers, body }, deadlineMs, signal) {
        const own = {
          host: 'localhost',
          'fn-call-id': id,
          'fn-deadline': new Date(deadlineMs).toISOString(),
          'x-function': name,
        }
        const call = { method: 'POST', path: '/call', headers: { ...headers, ...own }, body }
        // Not by its name, which the program could have lead to any socket of this machine.
        return answered(await client.send({ socketPath: `/proc/self/fd/${socket!.fd}` }, call, signal))
      },
      async close() {
        client.close()
        await socket?.close()
      },
    }
  },
}

/** Waits for the socket, which a program binds under another name and then links to, so that it is never half there. */
function appears(folder: string, signal: AbortSignal): Promise<FileHandle> {
  const { promise, resolve, reject } = Promise.withResolvers<FileHandle>()
  let isOver = false
  const onAbort = (): void => reject(signal.reason)
  const onFound = (found: FileHandle | undefined): void => {
    if (isOver) void found?.close()
    else if (found !== undefined) resolve(found)
    isOver ||= found !== undefined
  }
  signal.addEventListener('abort', onAbort)
  if (signal.aborted) onAbort()
  const watcher = watch(folder)
  const look = (): void => void socketIn(folder).then(onFound, reject)
  watcher.on('change', look).on('error', reject)
  look()
  return promise.finally(() => {
    isOver = true
    watcher.close()
    signal.removeEventListener('abort', onAbort)
  })
}

/** The socket, once it is there. */
async function socketIn(folder: string): Promise<FileHandle | undefined> {
  const path = join(folder, SOCKET)
  const status = await lstat(path).catch(() => undefined)
  if (status === undefined) return undefined
  const to = status.isSymbolicLink() ? await readlink(path) : SOCKET
  // A link that leads out of the folder could name any socket of this machine.
  if (to.includes('/')) throw new Fault('garbage', `${SOCKET} is a link to ${to}, which is not beside it`)
  const file = await open(join(folder, to), O_PATH | constants.O_NOFOLLOW).catch(() => undefined)
  if (file === undefined || (await file.stat()).isSocket()) return file
  await file.close()
  return undefined
}

/** 200 is an answer, 502 a function that failed, 504 one that took too long; after anything else the instance goes. */
function answered(reply: Reply): Reply {
  if (reply.status === 200) return reply
  if (reply.status === 502) throw new Fault('failed', 'the function failed')
  if (reply.status === 504) throw new Fault('timeout', 'the function says that it took too long')
  throw new Fault('garbage', `the status ${reply.status} is none of this contract`)
}
