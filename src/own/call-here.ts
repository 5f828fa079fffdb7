import { createContext, Script } from 'node:vm'
import { stackPlace } from './stack-place.ts'

/** A call that takes longer is taken for an endless loop. */
const LONGEST_MS = 20_000

const CALL = new Script('call()')
/** Where the script finds what it calls, set anew for each call: a context of its own would take five times as long. */
const called = createContext({}) as { call?: () => unknown }

/**
 * Calls a method of a user's own file, whose absolute path is `path`, in this thread. Throws what the method throws, and an
 * Error where it does not come back within `longestMs` or ends the process.
 */
export function callHere<R>(path: string, call: () => R, longestMs = LONGEST_MS): R {
  const exit = refuseExit(path)
  try {
    called.call = call
    // The time limit holds for all that the script calls, wherever that was made.
    return CALL.runInContext(called, { timeout: longestMs }) as R
  } catch (error) {
    if ((error as { code?: unknown } | null)?.code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
    throw new Error(`it did not come back within ${longestMs / 1000} s`, { cause: error })
  } finally {
    delete called.call
    process.exit = exit
  }
}

/**
 * The same of a method that gives a promise. It may take as long as it likes, since reading does; rejects where it waits for
 * what never comes.
 */
export async function awaitHere<R>(path: string, call: () => Promise<R>): Promise<R> {
  const exit = refuseExit(path)
  const { promise: never, reject } = Promise.withResolvers<never>()
  const idle = (): void => reject(new Error('it waits for what never comes'))
  process.once('beforeExit', idle)
  try {
    return await Promise.race([call(), never])
  } finally {
    process.off('beforeExit', idle)
    process.exit = exit
  }
}

/** Has the code of a file throw where it would end the process; gives what ends it, to be put back. */
function refuseExit(path: string): typeof process.exit {
  const { exit } = process
  process.exit = (code) => {
    if (stackPlace(path, new Error()) === path) return exit.call(process, code)
    throw new Error('it ends the process')
  }
  return exit
}
