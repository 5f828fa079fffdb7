import { readFileSync } from 'node:fs'

/** Files that the adapter has open for itself: logs, state, stores, the engine's connections. */
const OWN_FILES = 128
/** Files of an instance besides those of its calls: what it prints, its socket, its Runtime API. */
const FILES_OF_AN_INSTANCE = 4
/** With fewer connections the adapter does not start. */
const LEAST_CONNECTIONS = 8

/** How many files this process may have open; Infinity where it is not known (proc(5), limits). */
export function mostOpenFiles(): number {
  try {
    const [, soft] = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1')) ?? []
    return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft)
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

/**
 * For how many client connections so many files are enough. Each needs another connection to an instance. With more clients
 * instances could neither be started nor called.
 */
export function connectionsFor(files: number, mostInstances: number): number {
  const left = files - OWN_FILES - FILES_OF_AN_INSTANCE * mostInstances
  return Math.max(LEAST_CONNECTIONS, Math.floor(left / 2))
}

/** Whether an error says that this process, or the machine, has too many files open. */
export function isTooManyFiles(code: string | undefined): boolean {
  return code === 'EMFILE' || code === 'ENFILE'
}
