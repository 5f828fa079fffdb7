import { parentPort, workerData } from 'node:worker_threads'
import { UserError } from '../../core/user-error.ts'
import { demandBuiltIns, isPlanFile, policyInFile, reloaded } from '../../own/own-code.ts'
import type { CodeFile } from '../../own/code-file.ts'
import { guardedPolicy } from '../../own/guarded-policy.ts'
import { checkTrace } from './check-trace.ts'
import type { ChecksAnswer, ChecksTask } from './checks-apart.ts'
import { checkPolicy } from './policy-checks.ts'
import { withoutChanceUntil } from './without-chance.ts'

/** Runs the checks of a policy, and ends. */
async function answer({ code, watch }: ChecksTask): Promise<ChecksAnswer> {
  try {
    const policy = guardedPolicy(await policyInFile(code), code.file, checkTrace().apps.name, watch)
    const checks = checkPolicy(policy, await askedAtLoading(code))
    demandBuiltIns(code.file)
    return { checks }
  } catch (error) {
    if (error instanceof UserError) return { complaint: error.complaint }
    throw error
  }
}

/** What loading the file throws where there is no clock and no chance; undefined where it asks neither. */
async function askedAtLoading(code: CodeFile): Promise<Error | undefined> {
  if (isPlanFile(code.file)) return undefined
  try {
    await withoutChanceUntil(() => reloaded(code))
    return undefined
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
parentPort!.postMessage(await answer(workerData as ChecksTask))
