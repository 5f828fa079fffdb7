import type { RunWatcher } from '../../experiment/execute.ts'
import { beginProgress, INVOCATIONS, type Progress } from './progress.ts'

/** Shows the progress of runs over a trace with so many invocations. */
export function runProgress(invocations: number, quiet: boolean): RunWatcher {
  let progress: Progress | undefined
  return {
    async begins({ label }, position, of) {
      progress = await beginProgress(`run ${position + 1} of ${of}: ${label}`, INVOCATIONS, quiet)
    },
    progresses: (share) => progress?.at(share * invocations, invocations),
    ends() {
      progress?.end()
      progress = undefined
    },
  }
}
