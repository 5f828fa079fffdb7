import { parentPort, workerData } from 'node:worker_threads'
import { UserError } from '../../core/user-error.ts'
import { policyInFile } from '../../own/own-code.ts'
import { guardedPolicy } from '../../own/guarded-policy.ts'
import { checkTrace } from './check-trace.ts'
import type { ChecksAnswer, ChecksTask } from './checks-apart.ts'
import { checkPolicy } from './policy-checks.ts'

/** Runs the checks of a policy, and ends. */
async function answer({ code, watch }: ChecksTask): Promise<ChecksAnswer> {
  try {
    const policy = guardedPolicy(await policyInFile(code), code.file, checkTrace().apps.name, watch)
    return { checks: checkPolicy(policy) }
  } catch (error) {
    if (error instanceof UserError) return { complaint: error.complaint }
    throw error
  }
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
parentPort!.postMessage(await answer(workerData as ChecksTask))
