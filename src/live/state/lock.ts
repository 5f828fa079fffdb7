import { createHash } from 'node:crypto'
import { lstat, mkdir, rm, rmdir } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { UserError } from '../../core/user-error.ts'

/** How long the holder of a lock is given to say who it is, in ms. */
const ASKING_MS = 1000

/**
 * Takes the name of an adapter on an engine, so that two of them never remove each other's instances. Gives what releases
 * it. Throws a UserError where another one has it. The lock is a socket in the kernel's own name space (unix(7),
 * abstract). It is the same for all folders and users, and ends with its process in any case.
 */
export async function lockName(name: string, engine: string): Promise<() => Promise<void>> {
  const digest = createHash('sha256').update(`${name}\n${engine}`).digest('hex').slice(0, 32)
  const path = `\0pilotlight-live-${digest}`
  const holder = createServer((socket) => {
    socket.on('error', () => undefined).end(String(process.pid))
  })
  if (await listens(holder, path)) return () => new Promise((resolve) => holder.close(() => resolve()))
  const pid = await whoHolds(path)
  const which = pid === '' ? '' : ` (process ${pid})`
  const problem = `another adapter of the name ${JSON.stringify(name)} is running${which}`
  throw new UserError({ where: 'name', problem, hint: 'End it first, or give this one another name.' })
}

/**
 * Makes the folder that the adapter shares with its instances; gives what removes it. Throws a UserError where it is not
 * only this user's: where temporary files are, everyone may make folders and links.
 */
export async function ownFolder(folder: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const status = await lstat(folder)
  const isOwn = process.getuid === undefined || status.uid === process.getuid()
  if (!isOwn || !status.isDirectory() || (status.mode & 0o077) !== 0) {
    const problem = 'expected a folder that only this user may enter, found something else'
    throw new UserError({ where: folder, problem, hint: 'Remove it.' })
  }
  return async () => {
    // What cannot be removed, for example because it is another user's, is reported at the next start.
    await rm(join(folder, 'instances'), { recursive: true, force: true }).catch(() => undefined)
    await rmdir(folder).catch(() => undefined)
  }
}

function listens(server: Server, path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false)
      else reject(error)
    })
    server.listen({ path }, () => {
      // Where the owner of the name is not known, the message leaves it out.
      server.on('error', () => undefined)
      resolve(true)
    })
    server.unref()
  })
}

/** The number of the process that holds a lock; empty where it does not say. */
function whoHolds(path: string): Promise<string> {
  return new Promise((resolve) => {
    let said = ''
    const socket: Socket = connect({ path })
    socket.setTimeout(ASKING_MS, () => socket.destroy())
    socket.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(0, 20)))
    socket.on('error', () => undefined).on('close', () => resolve(/^\d+$/.test(said) ? said : ''))
  })
}
