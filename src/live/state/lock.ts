import { randomUUID } from 'node:crypto'
import { link, lstat, mkdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '../../core/user-error.ts'

/** How often a lock is tried to be taken from the dead before somebody else is believed to take it. */
const ATTEMPTS = 5

/**
 * Takes the folder of an adapter, so that two of one name never remove each other's instances; gives what lets go of it.
 * A lock whose process is dead is nobody's. Throws a UserError where another one has it.
 */
export async function lockFolder(folder: string, name: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const status = await lstat(folder)
  // Everyone may make folders and links where temporary files are.
  const isOwn = process.getuid === undefined || status.uid === process.getuid()
  if (!isOwn || !status.isDirectory() || (status.mode & 0o077) !== 0) {
    const problem = 'expected a folder that this user alone may enter, found something else'
    throw new UserError({ where: folder, problem, hint: 'Remove it.' })
  }
  const path = join(folder, 'lock')
  const mine = await identityOf(process.pid)
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (await takes(path, mine)) return () => release(folder, path)
    const held = await readFile(path, 'utf8').catch(() => undefined)
    if (held === undefined) continue
    const pid = Number(held.split(' ')[0])
    if (pid > 0 && (await identityOf(pid)) === held) {
      const problem = `another adapter of the name ${JSON.stringify(name)} is running (process ${pid})`
      throw new UserError({ where: 'name', problem, hint: 'End it first, or give this one another name.' })
    }
    await discard(path, held)
  }
  throw new UserError({ where: 'name', problem: `another adapter of the name ${JSON.stringify(name)} is starting` })
}

/** Whether the lock is there now with this in it; it is never seen half written. */
async function takes(path: string, mine: string): Promise<boolean> {
  const own = `${path}.${randomUUID()}`
  await writeFile(own, mine, { flag: 'wx', mode: 0o600 })
  try {
    await link(own, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await rm(own, { force: true })
  }
}

/** Takes away the lock of a dead process, and no other that came in its place meanwhile. */
async function discard(path: string, dead: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`
  try {
    await rename(path, aside)
    if ((await readFile(aside, 'utf8')) !== dead) await link(aside, path)
  } catch (error) {
    // Another one took it away before, or has the lock by now.
    if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
  await rm(aside, { force: true })
}

async function release(folder: string, lock: string): Promise<void> {
  // What cannot be removed, as of another user, the next start tells.
  await rm(join(folder, 'instances'), { recursive: true, force: true }).catch(() => undefined)
  await rm(lock, { force: true })
  // Another adapter may have come meanwhile.
  await rmdir(folder).catch(() => undefined)
}

/** A process's number with when it began (proc(5), stat), since numbers are used again; a dead one has none. */
async function identityOf(pid: number): Promise<string> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  if (text !== undefined) return `${pid} ${text.slice(text.lastIndexOf(')') + 2).split(' ')[19]}`
  try {
    process.kill(pid, 0)
    return `${pid} alive`
  } catch {
    return ''
  }
}
