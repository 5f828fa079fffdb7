import { UserError } from '../../core/user-error.ts'
import { callIn, type Watch } from './watch.ts'

/** A call of a policy that takes longer is one that never ends: a fit over all of an app's history takes milliseconds. */
const LONGEST_CALL_MS = 20_000

/** What the watchdog needs to name what it finds. */
export interface Watched {
  readonly watch: Watch
  readonly file: string
  readonly names: { at(app: number): string }
  /** By default {@link LONGEST_CALL_MS}. */
  readonly longestMs?: number | undefined
}

/**
 * Runs a task of a worker that asks a user's own policy. Ends the worker when one call takes too long. What the task
 * rejects with is then, and where the worker ended itself, the policy's doing, and told as a UserError with its file,
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
      const call = callIn(watch)
      const now = performance.now()
      if (call === undefined || call.number !== seen) {
        seen = call?.number ?? -1
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
    throw tooLong ?? (error instanceof UserError ? error : complaint(watched, `ended its thread: ${told(error)}`))
  } finally {
    clearInterval(timer)
  }
}

function complaint({ watch, file, names }: Watched, what: string): UserError {
  const call = callIn(watch)
  const about = call === undefined || call.app < 0 ? '' : ` for the app ${names.at(call.app)}`
  const where = call === undefined ? 'the policy' : `${call.method}()${about}`
  const hint = 'A policy answers at once, and leaves the process, timers and promises alone.'
  return new UserError({ where: file, problem: `${where} ${what}`, hint })
}

function told(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!.replace(/\.$/, '')
}
