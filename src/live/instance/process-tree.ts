import { closeSync, openSync, readSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { setImmediate as turn } from 'node:timers/promises'

/** Bytes of a page: what all 64-bit systems have by default. */
const PAGE_MB = 4096 / 1024 / 1024
/** Bytes that are read of a file of /proc: what is needed is at its beginning. */
const bytes = Buffer.alloc(256)
/** Processes that are read before calls get their turn: a machine may have thousands. */
const AT_A_TIME = 16

/** The parents and children of the processes of this machine, from /proc. */
export class ProcessTree {
  /**
   * The parents of the processes of the last look. Only new processes are looked at, since the parent of a process changes
   * only when the parent ends. For a number to mean another process, all numbers would have to be used between two looks.
   */
  private parents = new Map<string, number>()

  /** The children of each process now. */
  async look(): Promise<ReadonlyMap<number, readonly number[]>> {
    const children = new Map<number, number[]>()
    const parents = new Map<string, number>()
    let looked = 0
    for (const pid of await readdir('/proc')) {
      if (!isNumber(pid)) continue
      let parent = this.parents.get(pid)
      if (parent === undefined) {
        if ((looked += 1) % AT_A_TIME === 0) await turn()
        parent = parentOf(pid)
      }
      if (!(parent > 0)) continue
      parents.set(pid, parent)
      const siblings = children.get(parent)
      if (siblings === undefined) children.set(parent, [Number(pid)])
      else siblings.push(Number(pid))
    }
    this.parents = parents
    return children
  }
}

function isNumber(name: string): boolean {
  const first = name.charCodeAt(0)
  return first >= 0x30 && first <= 0x39
}

/** The process that started this one; 0 where it has ended. */
function parentOf(pid: string): number {
  const text = beginningOf(`/proc/${pid}/stat`)
  // The name in brackets may hold anything (proc(5), stat).
  return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1] ?? 0)
}

/**
 * The beginning of a file of /proc; empty where there is none. The read is synchronous: the system makes the contents when they
 * are read, and a read in another thread costs many times as much.
 */
function beginningOf(path: string): string {
  let file: number | undefined
  try {
    file = openSync(path, 'r')
    return bytes.toString('latin1', 0, readSync(file, bytes, 0, bytes.length, 0))
  } catch {
    return ''
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

/**
 * Memory of a process and of all that it started, in MB; NaN when it is gone. Of the started ones only pages that are not
 * shared with the parent count.
 */
export function treeMb(pid: number, children: ReadonlyMap<number, readonly number[]>): number {
  const [resident] = pagesOf(pid)
  let pages = resident
  const seen = new Set([pid])
  const left = [...(children.get(pid) ?? [])]
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    const [own, shared] = pagesOf(next)
    pages += Math.max(0, own - shared) || 0
    left.push(...(children.get(next) ?? []))
  }
  return pages * PAGE_MB
}

/** Pages in memory, and those of them that it shares (proc(5), statm); NaN when it is gone. */
function pagesOf(pid: number): readonly [resident: number, shared: number] {
  const [, resident = 'gone', shared = 'gone'] = beginningOf(`/proc/${pid}/statm`).split(' ')
  return [Number(resident), Number(shared)]
}
