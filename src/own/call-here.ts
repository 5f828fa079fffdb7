import { pathToFileURL } from 'node:url'
import { createContext, Script } from 'node:vm'
import { guardProcess } from './process-guard.ts'
import { stackPlace } from './stack-place.ts'

/** A call that takes longer is taken for an endless loop. */
const LONGEST_MS = 20_000

const CALL = new Script('call()')
/** Where the script finds what it calls, set anew for each call: a context of its own would take five times as long. */
const called = createContext({}) as { call?: () => unknown }

/**
 * Calls a method of a user's own file, whose absolute path is `path`, in this thread. Throws what the method throws, and an
 * Error where it does not come back within `longestMs` or would end the process.
 */
export function callHere<R>(path: string, call: () => R, longestMs = LONGEST_MS): R {
  const unguard = guardProcess(() => isCalledIn(path))
  try {
    called.call = call
    // The time limit holds for all that the script calls, wherever that was made.
    return CALL.runInContext(called, { timeout: longestMs }) as R
  } catch (error) {
    if ((error as { code?: unknown } | null)?.code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
    throw new Error(`it did not come back within ${longestMs / 1000} s`, { cause: error })
  } finally {
    delete called.call
    unguard()
  }
}

/** Loads a user's own module into this thread, and gives its default export. Throws an Error where it would end the process. */
export async function importHere(path: string): Promise<unknown> {
  const unguard = guardProcess(() => isCalledIn(path))
  try {
    return ((await import(pathToFileURL(path).href)) as { readonly default?: unknown }).default
  } finally {
    unguard()
  }
}

/** Whether code of the file is at work, or code that it imports. */
function isCalledIn(path: string): boolean {
  return stackPlace(path, new Error('where')) !== path
}
