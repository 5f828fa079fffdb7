import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { isMainThread } from 'node:worker_threads'
import { UserError } from '../core/user-error.ts'
import { refused } from '../files/system-error.ts'
import { planOfJson } from '../policy/plan/plan-json.ts'
import { planPolicy } from '../policy/plan/plan-policy.ts'
import type { PolicyDefinition } from '../policy/policy.ts'
import { type BuiltIns, keepBuiltIns } from './built-ins.ts'
import type { CodeFile } from './code-file.ts'
import { guardProcess } from './process-guard.ts'

/** Whether a policy that is named by its file is a plan to be replayed. */
export function isPlanFile(path: string): boolean {
  return path.endsWith('.json')
}

/**
 * The policy in a file that was checked before: a module's default export, or a plan. `run` is as in {@link exportOf}, which
 * says what it throws.
 */
export async function policyInFile(code: CodeFile, run?: string): Promise<PolicyDefinition> {
  if (!isPlanFile(code.file)) return (await exportOf(code, run)) as PolicyDefinition
  return planPolicy(planOfJson((await contentOf(code)).toString('utf8'), code.file))
}

/** The runs that modules were last loaded for in this thread, and how often each was loaded. */
const loadings = new Map<string, { readonly run: string; readonly times: number }>()
/** What the language brings, as it was before this thread loaded the first module of a user's own; in the main thread none runs. */
let builtIns: BuiltIns | undefined

/**
 * The default export of a module that was checked before. For another `run` than the last one the module is loaded anew, so
 * that nothing that it keeps outside of what it makes goes from run to run; what it imports is not. Throws a UserError for a file that was edited since: its
 * results would be kept under the digest of the text before. Throws one too where the module changes what the language brings.
 */
export async function exportOf(code: CodeFile, run = ''): Promise<unknown> {
  await contentOf(code)
  if (builtIns === undefined && !isMainThread) {
    builtIns = keepBuiltIns()
    guardProcess()
  }
  const { file } = code
  const last = loadings.get(file) ?? { run, times: 0 }
  const times = last.run === run ? last.times : last.times + 1
  loadings.set(file, { run, times })
  const module = (await import(`${pathToFileURL(file).href}${times === 0 ? '' : `?${times}`}`)) as { default: unknown }
  // Libraries that it imports may keep something there.
  builtIns?.takeGlobals()
  demandBuiltIns(file)
  return module.default
}

/**
 * Throws a UserError where code of the file changed what the language brings, which is put back, since this thread first
 * loaded a module of a user's own. Throws another error where that cannot be put back: then nothing else must run in the thread.
 */
export function demandBuiltIns(file: string): void {
  if (areOursForNow) return
  const { changed, isWhole } = builtIns?.mend() ?? { changed: undefined, isWhole: true }
  if (changed === undefined) return
  const problem = `it changes ${changed}, which all that runs in its thread shares`
  if (!isWhole) throw new Error(`${problem}, and it cannot be put back`)
  throw new UserError({ where: file, problem, hint: 'Keep what is learnt in what create() makes.' })
}

/** Whether it is us who changed what the language brings. */
let areOursForNow = false

/** From now on we change it ourselves, as to refuse the clock and chance: nobody is blamed for it until what this gives is called. */
export function changeBuiltIns(): () => void {
  areOursForNow = true
  return () => {
    areOursForNow = false
  }
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
