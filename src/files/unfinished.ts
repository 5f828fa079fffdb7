import { readFileSync, rmSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { createHash, randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'

/*
 * A file or folder in the making has a name of its own beside its place: `.pilotlight-HOST-PID-BEGUN-RANDOM.part`. The
 * name is short whatever the name of the place, and tells which process makes it, so that what a killed one left can be
 * told from what another is still writing.
 */
const NAME = /^\.pilotlight-([0-9a-f]{8})-(\d+)-(\d+)-[0-9a-f]{8}\.part$/
/** What other versions, and downloads that are to go on later, call theirs. */
const OTHERS = /\.part$|\.unfinished-[0-9a-f-]{36}$/

const HOST = createHash('sha256').update(hostname()).digest('hex').slice(0, 8)

/**
 * Makes something under a path of its own in the same folder as its place; what is still there when the work is over, has
 * failed, or is interrupted by a signal that nobody else hears, is removed.
 */
export async function inTheMaking<T>(place: string, work: (unfinished: string) => Promise<T>): Promise<T> {
  const unfinished = unfinishedBeside(place)
  begin(unfinished)
  try {
    return await work(unfinished)
  } finally {
    // What went wrong with the work matters more than what does with the tidying.
    await rm(unfinished, { recursive: true, force: true }).catch(() => {})
    end(unfinished)
  }
}

/** What this process has in the making. */
const present = new Set<string>()
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

// Heard only while there is something to remove: who hears a signal, hears it late while the thread computes.
function begin(path: string): void {
  if (present.size === 0) {
    // First of all who hear it: one that hears it once is no longer counted when those after it do.
    for (const signal of SIGNALS) process.prependListener(signal, interrupted)
    process.on('exit', removeAll)
  }
  present.add(path)
}

function end(path: string): void {
  present.delete(path)
  if (present.size > 0) return
  for (const signal of SIGNALS) process.off(signal, interrupted)
  process.off('exit', removeAll)
}

/** Removes all and ends as the signal would have ended the process; leaves it to others who hear the signal, and go on. */
function interrupted(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return
  removeAll()
  process.off(signal, interrupted)
  process.kill(process.pid, signal)
}

function removeAll(): void {
  for (const path of present) {
    try {
      rmSync(path, { recursive: true, force: true })
    } catch {
      // The next command that writes there removes it.
    }
  }
}

/** A path for something in the making, in the same folder as its place. */
export function unfinishedBeside(place: string): string {
  const begun = beginOf(process.pid) ?? '0'
  return join(dirname(place), `.pilotlight-${HOST}-${process.pid}-${begun}-${randomBytes(4).toString('hex')}.part`)
}

/** Whether a name is that of something in the making, which is no input for anybody. */
export function isUnfinished(name: string): boolean {
  return NAME.test(name) || OTHERS.test(name)
}

/** Removes from a folder what killed processes of this machine left in the making. What cannot be removed stays. */
export async function removeLeftovers(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  for (const name of names) {
    if (isLeftover(name)) await rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined)
  }
}

function isLeftover(name: string): boolean {
  const [, host, pid, begun] = NAME.exec(name) ?? []
  if (host !== HOST || Number(pid) === process.pid) return false
  const now = beginOf(Number(pid))
  return now === undefined || (now !== '0' && now !== begun)
}

/**
 * When a process began, in ticks since the machine did (proc(5), stat), because numbers of processes are used again; `0`
 * where the system does not tell, undefined for a process that is not alive.
 */
function beginOf(pid: number): string | undefined {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return undefined
  }
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, ...fields] = text.slice(text.lastIndexOf(')') + 2).split(' ')
    // A zombie has ended; nobody has asked how.
    return state === 'Z' ? undefined : fields[18]
  } catch {
    return '0'
  }
}
