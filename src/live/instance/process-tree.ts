import { open, readdir, readFile } from 'node:fs/promises'

/** Bytes of a page: what all 64-bit systems have by default. */
const PAGE_MB = 4096 / 1024 / 1024
/** Processes that are looked at at a time: a machine may have thousands. */
const AT_A_TIME = 8
/** What of /proc/<pid>/stat holds the parent's number: the name before it has 64 bytes at most. */
const STAT_BYTES = 128

/** The children of each process of this machine, as /proc tells them now. */
export async function processTree(): Promise<ReadonlyMap<number, readonly number[]>> {
  const children = new Map<number, number[]>()
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const look = async (): Promise<void> => {
    const bytes = Buffer.alloc(STAT_BYTES)
    for (let pid = pids.pop(); pid !== undefined; pid = pids.pop()) {
      const parent = await parentOf(pid, bytes)
      if (!(parent > 0)) continue
      const siblings = children.get(parent)
      if (siblings === undefined) children.set(parent, [Number(pid)])
      else siblings.push(Number(pid))
    }
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, look))
  return children
}

/** The process that started this one; 0 where it has ended. Read into `bytes`. */
async function parentOf(pid: string, bytes: Buffer): Promise<number> {
  const file = await open(`/proc/${pid}/stat`).catch(() => undefined)
  if (file === undefined) return 0
  const length = await file.read(bytes, 0, STAT_BYTES, 0).then(
    ({ bytesRead }) => bytesRead,
    () => 0,
  )
  await file.close()
  const text = bytes.toString('latin1', 0, length)
  // The name in brackets may hold anything (proc(5), stat).
  return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1] ?? 0)
}

/**
 * Memory of a process and of all that it started, in MB; NaN when it is gone. Of what was started only the pages that are
 * its own count, since the others are the same as their parent's.
 */
export async function treeMb(pid: number, children: ReadonlyMap<number, readonly number[]>): Promise<number> {
  const [resident] = await pagesOf(pid)
  let pages = resident
  const seen = new Set([pid])
  const left = [...(children.get(pid) ?? [])]
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    const [own, shared] = await pagesOf(next)
    pages += Math.max(0, own - shared) || 0
    left.push(...(children.get(next) ?? []))
  }
  return pages * PAGE_MB
}

/** Pages in memory, and those of them that it shares (proc(5), statm); NaN when it is gone. */
async function pagesOf(pid: number): Promise<readonly [resident: number, shared: number]> {
  const text = await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => '')
  const [, resident = 'gone', shared = 'gone'] = text.split(' ')
  return [Number(resident), Number(shared)]
}
