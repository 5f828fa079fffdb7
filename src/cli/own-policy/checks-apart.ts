import { Worker } from 'node:worker_threads'
import type { CodeFile } from '../../own/code-file.ts'
import { openWatch, type Watch } from '../../own/watch.ts'
import { underWatch } from '../../own/watchdog.ts'
import { type Complaint, UserError } from '../../core/user-error.ts'
import { checkTrace } from './check-trace.ts'
import type { Checked } from './policy-checks.ts'

/** What the thread is given. */
export interface ChecksTask {
  readonly code: CodeFile
  readonly watch: Watch
}

/** What it answers. */
export type ChecksAnswer = { readonly checks: readonly Checked[] } | { readonly complaint: Complaint }

/**
 * Puts the policy of a file, which was loaded once before, to the test in a thread of its own: whatever it does, it does to
 * that thread alone. Throws a UserError where it does not come back.
 */
export async function checksApart(code: CodeFile, longestMs?: number): Promise<readonly Checked[]> {
  const watch = openWatch()
  const names = checkTrace().apps.name
  const answer = await underWatch((signal) => inThread({ code, watch }, signal), {
    watch,
    files: { policy: code.file },
    names,
    longestMs,
  })
  if ('complaint' in answer) throw new UserError(answer.complaint)
  return answer.checks
}

async function inThread(task: ChecksTask, signal: AbortSignal): Promise<ChecksAnswer> {
  // This file runs from source in tests and as built JavaScript elsewhere; the thread's is its neighbour in both.
  const name = import.meta.url.endsWith('.ts') ? './checks-thread.ts' : './checks-thread.js'
  const worker = new Worker(new URL(name, import.meta.url), { workerData: task })
  try {
    return await new Promise((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
      worker.once('exit', (exitCode) => reject(new Error(`exit code ${exitCode}`)))
      signal.addEventListener('abort', () => reject(new Error('it was stopped')))
    })
  } finally {
    await worker.terminate()
  }
}
