import type { Execution } from '../scenario.ts'

/** An arrival: its app, and how many executions of every app run just as it comes, itself included. */
interface Moment {
  readonly app: number
  readonly running: readonly number[]
}

function momentsOf(rows: readonly Execution[], names: readonly string[]): Moment[] {
  const ordered = rows.toSorted(([one, , a], [other, , b]) => one - other || names.indexOf(a!) - names.indexOf(b!))
  return ordered.map(([now, , app], arrival) => {
    const alive = ordered.slice(0, arrival).filter(([start, duration]) => start + duration > now)
    const running = names.map((name) => alive.filter((row) => row[2] === name).length + (name === app ? 1 : 0))
    return { app: names.indexOf(app!), running }
  })
}

/** The most executions that run at once. */
export function mostAtOnce(rows: readonly Execution[], names: readonly string[]): number {
  return Math.max(...momentsOf(rows, names).map(({ running }) => running.reduce((sum, count) => sum + count, 0)))
}

/**
 * The fewest loads with which a node of `room` equal instances serves every execution at once, over all choices of whom to
 * evict, found by trying them all. Loading takes no time. For an app only the number of its instances matters.
 */
export function fewestLoads(rows: readonly Execution[], names: readonly string[], room: number): number {
  let reached = new Map<string, { loaded: number[]; loads: number }>()
  reached.set('', { loaded: names.map(() => 0), loads: 0 })
  for (const { app, running } of momentsOf(rows, names)) {
    const after: typeof reached = new Map()
    const keep = (loaded: number[], loads: number): void => {
      const key = loaded.join()
      if (loads < (after.get(key)?.loads ?? Number.POSITIVE_INFINITY)) after.set(key, { loaded, loads })
    }
    for (const { loaded, loads } of reached.values()) {
      if (loaded[app]! >= running[app]!) {
        keep(loaded, loads)
        continue
      }
      const larger = loaded.with(app, loaded[app]! + 1)
      if (larger.reduce((sum, count) => sum + count, 0) <= room) {
        keep(larger, loads + 1)
        continue
      }
      for (const [victim, count] of larger.entries())
        if (count > running[victim]!) keep(larger.with(victim, count - 1), loads + 1)
    }
    reached = after
  }
  return Math.min(...Array.from(reached.values(), ({ loads }) => loads))
}
