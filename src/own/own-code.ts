import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { UserError } from '../core/user-error.ts'
import { refused } from '../files/system-error.ts'
import { planOfJson } from '../policy/plan/plan-json.ts'
import { planPolicy } from '../policy/plan/plan-policy.ts'
import type { PolicyDefinition } from '../policy/policy.ts'
import type { CodeFile } from './code-file.ts'

/** Whether a policy that is named by its file is a plan to be replayed. */
export function isPlanFile(path: string): boolean {
  return path.endsWith('.json')
}

/** The policy in a file that was checked before: a module's default export, or a plan. Throws what {@link exportOf} throws. */
export async function policyInFile(code: CodeFile): Promise<PolicyDefinition> {
  if (!isPlanFile(code.file)) return (await exportOf(code)) as PolicyDefinition
  return planPolicy(planOfJson((await contentOf(code)).toString('utf8'), code.file))
}

/**
 * The default export of a module that was checked before. Throws a UserError for a file that was edited since: its
 * results would be kept under the digest of the text before.
 */
export async function exportOf(code: CodeFile): Promise<unknown> {
  await contentOf(code)
  return ((await import(pathToFileURL(code.file).href)) as { readonly default: unknown }).default
}

/** Loads a module that was loaded before once more, as if for the first time; what it imports is not. */
export async function reloaded({ file }: CodeFile): Promise<unknown> {
  return import(`${pathToFileURL(file).href}?again`)
}

async function contentOf({ file, sha256 }: CodeFile): Promise<Buffer> {
  const content = await readFile(file).catch((error: unknown) => {
    throw refused(file, 'read', error)
  })
  if (sha256 !== undefined && createHash('sha256').update(content).digest('hex') !== sha256)
    throw new UserError({ where: file, problem: 'the file was edited while its runs were made', hint: 'Run again.' })
  return content
}
