import { UserError } from '../core/user-error.ts'
import { toldOf } from './told.ts'
import { callIn, doneOf, type OwnPart, type Watch } from './watch.ts'

/** A call that takes longer is one that never ends: a fit over all of an app's history takes milliseconds. */
const LONGEST_CALL_MS = 20_000

/** What the watchdog needs to name what it finds. */
export interface Watched {
  readonly watch: Watch
  /** The files of a user's own that it may call; at least one. */
  readonly files: Readonly<Partial<Record<OwnPart, string>>>
  readonly names: { at(app: number): string }
  /** By default {@link LONGEST_CALL_MS}. */
  readonly longestMs?: number | undefined
  readonly onDone?: (share: number) => void
}

/**
 * Runs a task of a worker that calls code of a user's own. Ends the worker when one call takes too long. What the task
 * rejects with is then, and where the worker ended itself, that code's doing, and told as a UserError with its file,
 * method and app.
 */
export async function underWatch<T>(task: (signal: AbortSignal) => Promise<T>, watched: Watched): Promise<T> {
  const { watch, longestMs = LONGEST_CALL_MS } = watched
  const stop = new AbortController()
  let seen = -1
  let since = performance.now()
  let tooLong: UserError | undefined
  const timer = setInterval(
    () => {
      watched.onDone?.(doneOf(watch))
      const call = callIn(watch)
      const now = performance.now()
      if (call === undefined || call.count !== seen) {
        seen = call?.count ?? -1
        since = now
      } else if (now - since > longestMs) {
        tooLong ??= complaint(watched, `did not come back within ${longestMs / 1000} s`)
        stop.abort()
      }
    },
    Math.min(500, longestMs / 4),
  )
  try {
    return await task(stop.signal)
  } catch (error) {
    throw tooLong ?? (error instanceof UserError ? error : complaint(watched, `ended its thread: ${toldOf(error)}`))
  } finally {
    clearInterval(timer)
  }
}

function complaint({ watch, files, names }: Watched, what: string): UserError {
  const call = callIn(watch)
  const about = call === undefined || call.app < 0 ? '' : ` for the app ${names.at(call.app)}`
  const [part, file = ''] = Object.entries(files)[0] ?? ['policy']
  const who = call === undefined ? `the ${part}` : `${call.method}()${about}`
  const where = (call === undefined ? undefined : files[call.part]) ?? file
  const hint = 'Code of your own answers at once, and leaves the process, timers and promises alone.'
  return new UserError({ where, problem: `${who} ${what}`, hint })
}
