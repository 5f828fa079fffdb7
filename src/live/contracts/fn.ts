import { constants, watch } from 'node:fs'
import { type FileHandle, lstat, open, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { ConnectionPool } from '../exchange/connection-pool.ts'
import { headerIn, without } from '../exchange/headers.ts'
import { Fault } from '../fault.ts'
import type { Call, Contract, Reply } from '../instance/contract.ts'
import { RETRY_MS } from '../live-limits.ts'
import { isTooManyFiles } from '../open-files.ts'

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
  streams: true,
  async open(app, { folder }) {
    let pool: ConnectionPool | undefined
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
        // Not by its name: the program could make the name lead to any socket of this machine.
        pool = new ConnectionPool({ socketPath: `/proc/self/fd/${socket.fd}` }, { mostBytes: app.mostAnswerBytes })
      },
      async invoke(call, deadlineMs, run) {
        const lines = [...linesOf(call), 'Fn-Deadline', new Date(deadlineMs).toISOString()]
        return answered(await pool!.send({ method: 'POST', path: '/call', headers: lines, body: call.body }, run))
      },
      async close() {
        pool?.close()
        await socket?.close()
      },
    }
  },
}

/** Waits for the socket. A program binds it under another name and then makes a link, so that it is ready when it appears. */
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
  const look = (): void => void socketIn(folder).then(onFound, again)
  const again = (error: NodeJS.ErrnoException): void => {
    // It is there, but could not be opened now. There may be no further event in the folder.
    if (!isTooManyFiles(error.code)) reject(error)
    else if (!isOver) setTimeout(look, RETRY_MS)
  }
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
  const file = await open(join(folder, to), O_PATH | constants.O_NOFOLLOW).catch((error: NodeJS.ErrnoException) => {
    if (isTooManyFiles(error.code)) throw error
    return undefined
  })
  if (file === undefined || (await file.stat()).isSocket()) return file
  await file.close()
  return undefined
}

/**
 * What a function gets of a call, as from Fn's HTTP gateway: method, URL and every header of the caller, each
 * under a name of its own, and the type of the body. A caller's own `Fn-*` headers must not look like the gateway's.
 */
function linesOf({ id, fn: name, method, path, url, headers }: Call): string[] {
  const lines = ['Host', 'localhost', 'Fn-Call-Id', id, 'X-Function', name, 'Fn-Intent', 'httprequest']
  lines.push('Fn-Http-Method', method, 'Fn-Http-Request-Url', url ?? path)
  for (let at = 0; at < headers.length; at += 2) {
    const header = headers[at]!
    const known = header.toLowerCase()
    if (known === 'content-length' || known.startsWith('fn-')) continue
    if (known === 'content-type') lines.push(header, headers[at + 1]!)
    lines.push(`Fn-Http-H-${canonical(header)}`, headers[at + 1]!)
  }
  return lines
}

/** The case in which the FDKs look for names. */
function canonical(name: string): string {
  return name.replaceAll(/[^-]+/g, (word) => word[0]!.toUpperCase() + word.slice(1).toLowerCase())
}

/** 200 is an answer, 502 a function that failed, 504 one that took too long; after anything else the instance goes. */
function answered(reply: Reply): Reply {
  if (reply.status === 200) return unwrapped(reply)
  if (reply.status === 502) throw new Fault('failed', 'the function failed')
  if (reply.status === 504) throw new Fault('timeout', 'the function says that it took too long')
  throw new Fault('garbage', `the contract has no status ${reply.status}`)
}

/** The answer as the function meant it for HTTP: its status, and its headers by their own names. */
function unwrapped(reply: Reply): Reply {
  const told = headerIn(reply.headers, 'fn-http-status')
  const status = told === undefined ? 200 : Number(told)
  if (!(Number.isInteger(status) && status >= 200 && status <= 599)) {
    throw new Fault('garbage', `Fn-Http-Status is ${told}, which is not a status of an answer`)
  }
  const meant: string[] = []
  for (let at = 0; at < reply.headers.length; at += 2) {
    const [, own] = /^fn-http-h-(.+)$/i.exec(reply.headers[at]!) ?? []
    if (own !== undefined && !FRAMING.has(own.toLowerCase())) meant.push(own, reply.headers[at + 1]!)
  }
  const replaced = new Set(meant.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase()))
  const others = without(reply.headers, (name) => name.startsWith('fn-http-') || replaced.has(name))
  return { ...reply, status, headers: [...others, ...meant] }
}

/** What only the connection to the caller can tell. */
const FRAMING: ReadonlySet<string> = new Set([
  'content-length',
  'transfer-encoding',
  'connection',
  'upgrade',
  'trailer',
])
