import { readFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { planOfJson } from '../../policy/plan/plan-json.ts'
import { planPolicy } from '../../policy/plan/plan-policy.ts'
import type { PolicyDefinition } from '../../policy/policy.ts'

/** Whether a policy that is named by its file is a plan to be replayed. */
export function isPlanFile(path: string): boolean {
  return path.endsWith('.json')
}

/** The policy in a file that was checked before: a module's default export, or a plan. */
export async function policyInFile(path: string): Promise<PolicyDefinition> {
  if (isPlanFile(path)) return planPolicy(planOfJson(await readFile(path, 'utf8'), path))
  const module = (await import(pathToFileURL(path).href)) as { default: PolicyDefinition }
  return module.default
}
