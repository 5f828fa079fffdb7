import { counted } from '../../core/counted.ts'
import type { RunWatcher } from '../../experiment/execute.ts'
import { beginProgress, INVOCATIONS, type Progress } from './progress.ts'

/** Shows the progress of all runs over a trace with so many invocations in one line. */
export function runProgress(invocations: number, quiet: boolean): RunWatcher {
  let progress: Progress | undefined
  let runs = 0
  return {
    async starts(count) {
      runs = count
      if (count > 0) progress = await beginProgress(counted(count, 'run'), INVOCATIONS, quiet)
    },
    progresses(share, over) {
      progress?.at(share * invocations * runs, invocations * runs, runs === 1 ? undefined : `${over} finished`)
    },
    stops: () => progress?.end(),
  }
}
