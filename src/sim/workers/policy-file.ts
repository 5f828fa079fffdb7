import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { UserError } from '../../core/user-error.ts'
import { refused } from '../../files/system-error.ts'
import { planOfJson } from '../../policy/plan/plan-json.ts'
import { planPolicy } from '../../policy/plan/plan-policy.ts'
import type { PolicyDefinition } from '../../policy/policy.ts'

/** The file of a policy of a user's own. */
export interface PolicyFile {
  /** Its absolute path. */
  readonly file: string
  /** SHA-256 (hex) of what it held when it was checked; where it is absent, nobody keeps results under it. */
  readonly sha256?: string
}

/** Whether a policy that is named by its file is a plan to be replayed. */
export function isPlanFile(path: string): boolean {
  return path.endsWith('.json')
}

/**
 * The policy in a file that was checked before: a module's default export, or a plan. Throws a UserError for one that
 * was edited since: its results would be kept under the digest of the text before.
 */
export async function policyInFile(file: string, sha256?: string): Promise<PolicyDefinition> {
  const content = await readFile(file).catch((error: unknown) => {
    throw refused(file, 'read', error)
  })
  if (sha256 !== undefined && createHash('sha256').update(content).digest('hex') !== sha256)
    throw new UserError({ where: file, problem: 'the file was edited while its runs were made', hint: 'Run again.' })
  if (isPlanFile(file)) return planPolicy(planOfJson(content.toString('utf8'), file))
  const module = (await import(pathToFileURL(file).href)) as { default: PolicyDefinition }
  return module.default
}
