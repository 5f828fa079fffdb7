import { z } from 'zod'
import { UserError } from '../core/user-error.ts'
import type { Parameter } from '../policy/parameters.ts'
import { planOfJson } from '../policy/plan/plan-json.ts'
import { planPolicy } from '../policy/plan/plan-policy.ts'
import type { PolicyDefinition } from '../policy/policy.ts'
import { isPlanFile } from '../own/own-code.ts'
import { toldOf } from '../own/told.ts'
import { TRACE_FACTS } from '../trace/trace.ts'
import { loadModule, loadModuleApart, type OwnKind, readOwnFile } from './own-file.ts'
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
  z.strictObject({
    kind: z.literal('duration'),
    ...described,
    default: z.number(),
    ...bounds,
    isWindow: z.literal(true).optional(),
  }),
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
  z.strictObject({ kind: z.literal('file'), ...described, default: z.literal('') }),
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
  contradiction: z.custom((value) => typeof value === 'function', 'expected a function that looks for one').optional(),
  world: z.custom((value) => typeof value === 'function', 'expected a function that gives what it demands').optional(),
  create: z.custom((value) => typeof value === 'function', 'expected a function that makes a policy'),
})

/** A plan of a large fleet has some megabytes. */
const MOST_BYTES = 512 * 1024 * 1024

const POLICY = { what: 'a policy', mostBytes: MOST_BYTES, hint: 'docs/own-policy.md shows a complete file.' }

/**
 * Loads a user's own policy: a module whose default export has the shape of {@link PolicyDefinition}, or a plan (.json)
 * to be replayed. `where` is the place that names it. Throws a UserError that names the file, whatever is wrong with it.
 * The module is never run in this thread: its policies are made in workers, which load the file themselves.
 */
export async function loadOwnPolicy(file: string, where: string): Promise<OwnPolicy> {
  return loadedBy((kind, schema) => loadModuleApart(file, kind, schema, ASKED), file, where)
}

/** What is asked of a policy before one is made. */
const ASKED = ['contradiction', 'world']

/** Loads one whose policies are made in this thread. */
export async function loadOwnPolicyHere(file: string, where: string): Promise<OwnPolicy> {
  return loadedBy((kind, schema) => loadModule(file, kind, schema), file, where)
}

async function loadedBy(
  load: (kind: OwnKind, schema: z.ZodType) => Promise<unknown>,
  file: string,
  where: string,
): Promise<OwnPolicy> {
  const { path, content, sha256 } = await readOwnFile(file, where, POLICY)
  if (isPlanFile(path)) return { definition: planPolicy(planOfJson(content.toString('utf8'), file)), path, sha256 }
  const definition = (await load(POLICY, definitionSchema)) as PolicyDefinition
  return { definition: checked(definition, file), path, sha256 }
}

function checked(own: PolicyDefinition, file: string): PolicyDefinition {
  for (const [name, parameter] of Object.entries(own.parameters)) {
    const wrong = RESERVED.includes(name) ? 'the name is taken by a key of every policy' : wrongDefault(parameter)
    if (wrong === undefined) continue
    throw new UserError({ where: file, problem: `parameters.${name}: ${wrong}`, hint: POLICY.hint })
  }
  const { contradiction } = own
  if (contradiction === undefined) return own
  const asked: typeof contradiction = (params) => {
    try {
      return contradiction(params)
    } catch (error) {
      if (error instanceof UserError) throw error
      throw new UserError({ where: file, problem: `contradiction() threw ${toldOf(error)}` })
    }
  }
  return { ...own, contradiction: asked }
}

/** What is wrong with a parameter's default, when it is not a value that the parameter itself would take. */
function wrongDefault(parameter: Parameter): string | undefined {
  if (parameter.kind === 'file') return undefined
  const read = settingKind(parameter).read(spell(parameter, parameter.default))
  return isMistake(read) ? `default: ${read.problem}` : undefined
}
