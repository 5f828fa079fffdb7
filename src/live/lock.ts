import { lstat, mkdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '../core/user-error.ts'

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
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      await writeFile(path, mine, { flag: 'wx', mode: 0o600 })
      return () => release(folder, path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const held = await readFile(path, 'utf8').catch(() => '')
    const pid = Number(held.split(' ')[0])
    if (pid > 0 && (await identityOf(pid)) === held) {
      const problem = `another adapter of the name ${JSON.stringify(name)} is running (process ${pid})`
      throw new UserError({ where: 'name', problem, hint: 'End it first, or give this one another name.' })
    }
    await rm(path, { force: true })
  }
  throw new UserError({ where: 'name', problem: `another adapter of the name ${JSON.stringify(name)} is starting` })
}

async function release(folder: string, lock: string): Promise<void> {
  await rm(join(folder, 'instances'), { recursive: true, force: true })
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
