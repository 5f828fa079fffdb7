import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { UserError } from '../core/user-error.ts'
import { readBytes } from '../files/read-text.ts'
import type { Parameter } from '../policy/parameters.ts'
import { planOfJson } from '../policy/plan/plan-json.ts'
import { planPolicy } from '../policy/plan/plan-policy.ts'
import type { PolicyDefinition } from '../policy/policy.ts'
import { isPlanFile } from '../sim/workers/policy-file.ts'
import { stackPlace } from '../sim/workers/stack-place.ts'
import { TRACE_FACTS } from '../trace/trace.ts'
import { pathText } from './document.ts'
import { isMistake, settingKind, spell } from './setting.ts'

/** A policy from a user's own file. */
export interface OwnPolicy {
  readonly definition: PolicyDefinition
  /** The absolute path of the file. */
  readonly path: string
  /** SHA-256 (hex) of the file: another text is another run. What it imports is not part of it. */
  readonly sha256: string
}

const text = z.string().min(1)
const described = { describe: text }
const bounds = { min: z.number(), max: z.number().optional() }

const parameter = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('duration'), ...described, default: z.number(), ...bounds }),
  z.strictObject({
    kind: z.literal('number'),
    ...described,
    default: z.number(),
    ...bounds,
    unit: z.string().optional(),
    whole: z.boolean().optional(),
  }),
  z.strictObject({ kind: z.literal('switch'), ...described, default: z.boolean() }),
  z.strictObject({ kind: z.literal('choice'), ...described, default: z.string(), options: z.array(text).min(1) }),
])

/** Keys of a policy's entry that are not its parameters. */
const RESERVED = ['policy', 'label']

const definitionSchema = z.looseObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/, 'expected small letters, digits and "-", beginning with a letter'),
  summary: text,
  paper: z.string().optional(),
  parameters: z.record(z.string().regex(/^[A-Za-z]\w*$/), parameter),
  scope: z.enum(['app', 'fleet']),
  needs: z.array(z.enum(TRACE_FACTS)),
  create: z.custom((value) => typeof value === 'function', 'expected a function that makes a policy'),
})

/** A plan of a large fleet has some megabytes. */
const MOST_BYTES = 512 * 1024 * 1024

const HINT = 'docs/own-policy.md shows a complete file.'

/**
 * Loads a user's own policy: a module whose default export has the shape of {@link PolicyDefinition}, or a plan (.json)
 * to be replayed. `where` is the place that names it. Throws a UserError that names the file, whatever is wrong with it.
 */
export async function loadOwnPolicy(file: string, where: string): Promise<OwnPolicy> {
  const path = resolve(file)
  const hint = 'The path of a policy is relative to the experiment file.'
  const content = await readBytes(file, { what: 'a policy', where, hint, mostBytes: MOST_BYTES })
  const sha256 = createHash('sha256').update(content).digest('hex')
  if (isPlanFile(path)) return { definition: planPolicy(planOfJson(content.toString('utf8'), file)), path, sha256 }
  return { definition: checked(await exported(path, file), file), path, sha256 }
}

async function exported(path: string, file: string): Promise<unknown> {
  let module: Record<string, unknown>
  try {
    module = (await import(pathToFileURL(path).href)) as Record<string, unknown>
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException
    if (code === 'ERR_UNKNOWN_FILE_EXTENSION') {
      const hint = 'Use Node 22.18 or newer, or write the policy in JavaScript.'
      throw new UserError({ where: file, problem: `Node ${process.versions.node} cannot load TypeScript`, hint })
    }
    const where = stackPlace(path, error).replace(path, file)
    throw new UserError({ where, problem: `the file does not load: ${firstLine(message)}` })
  }
  if (module['default'] !== undefined) return module['default']
  throw new UserError({
    where: file,
    problem: 'expected a default export, the definition of a policy; found none',
    hint: HINT,
  })
}

function checked(definition: unknown, file: string): PolicyDefinition {
  const result = definitionSchema.safeParse(definition)
  const issue = result.error?.issues[0]
  if (issue !== undefined) {
    const place = issue.path.length === 0 ? '' : `${pathText(issue.path as (string | number)[])}: `
    throw new UserError({
      where: file,
      problem: `${place}${issue.message.replace(/^Invalid input: /, '')}`,
      hint: HINT,
    })
  }
  const own = definition as PolicyDefinition
  for (const [name, parameter] of Object.entries(own.parameters)) {
    const wrong = RESERVED.includes(name) ? 'the name is taken by a key of every policy' : wrongDefault(parameter)
    if (wrong !== undefined) throw new UserError({ where: file, problem: `parameters.${name}: ${wrong}`, hint: HINT })
  }
  return own
}

/** What is wrong with a parameter's default, when it is not a value that the parameter itself would take. */
function wrongDefault(parameter: Parameter): string | undefined {
  const read = settingKind(parameter).read(spell(parameter, parameter.default))
  return isMistake(read) ? `default: ${read.problem}` : undefined
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').replace(/\.$/, '')
}
