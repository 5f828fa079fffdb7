import { z } from 'zod'
import type { Registry } from '../core/registry.ts'
import { PRICES } from '../metrics/prices/providers/index.ts'
import type { PolicyDefinition } from '../policy/policy.ts'
import type { Model } from '../sim/model.ts'
import { gridField, mappingField, textField, valueField } from './field.ts'
import { ORIGINS } from '../trace/build/event-time.ts'
import { sliceFields } from './slice-fields.ts'
import { judge, warmup } from './judge-setting.ts'
import { MODEL_KINDS, type ModelKind, ownOptions } from './model-kinds.ts'
import { OWN_MODULE_PATTERN } from './own-file.ts'
import { OWN_PRICES_PATTERN } from './prices.ts'
import { found, type SettingKind, settingKind } from './setting.ts'

/** A seed: the default is 1. */
const seed: SettingKind = settingKind({
  kind: 'number',
  describe: 'Seed of every random draw; a list runs each policy under each seed.',
  default: 1,
  min: 0,
  max: Number.MAX_SAFE_INTEGER,
  whole: true,
})

/** The kind of model of an experiment that names none. */
export const DEFAULT_MODEL: Model['kind'] = 'paper'

/** Names of experiments become names of folders. */
const NAME_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$'

/** A policy of the user's own is named by the path of its file. */
export const OWN_POLICY_PATTERN = String.raw`\.(ts|mts|js|mjs|json)$`

const name = textField('a name of letters, digits, ".", "-" and "_" that begins with a letter or digit', {
  description: 'Names the folder under reports/ that holds the results.',
  pattern: NAME_PATTERN,
})

const traceAt = textField('the path of a trace', {
  description:
    'A directory, file or compiled .trace, relative to this file, or the name of a data set (pilotlight list datasets).',
})

const trace = mappingField(
  'trace',
  'key',
  {
    path: traceAt,
    format: textField('the id of a trace format', {
      description: 'Id of a trace format, or the path of your own (.ts); guessed when it is not given.',
    }).optional(),
    mapping: textField('the path of a mapping, or a mapping in quotes, as "{ read: csv, … }"', {
      description: 'How to read a file of any other form: the path of a mapping (.yaml), relative to this file.',
    }).optional(),
    origin: z
      .unknown()
      .transform((raw, { issues }) => {
        const origin = ORIGINS.find((each) => each === raw)
        if (origin !== undefined) return origin
        const message = `expected ${ORIGINS.join(', ')}, found ${found(raw)}`
        issues.push({ code: 'custom', path: [], message, input: raw })
        return 'first'
      })
      .meta({
        enum: [...ORIGINS],
        description: 'Time 0 of single events: first (arrival), midnight (before it) or zero.',
      })
      .optional(),
    judge: gridField(judge).optional(),
    warmup: gridField(warmup).optional(),
    ...sliceFields,
  },
  placeOfKey,
)

/** A trace of which nothing is said but where it is may stand there by itself. */
const traceOrPath = z
  .preprocess((raw) => (typeof raw === 'string' ? { path: raw } : raw), trace)
  .meta({ alsoText: z.globalRegistry.get(traceAt) })

const limit = textField('a metric and its limit', {
  description: 'A metric and its limit, as in idle-memory <= 70 %; a percentage is of the baseline’s.',
  examples: ['idle-memory <= 70 %', 'cold-starts <= 900'],
})

const choose = mappingField('choose', 'key', {
  minimise: textField('the id of a metric', {
    description: 'Id of the metric that is to be least, as in p75-app-cold. Default: cold-starts.',
  }).optional(),
  'subject to': z
    .union([limit, z.array(limit).min(1)])
    .meta({ description: 'What may not be exceeded.' })
    .optional(),
}).meta({ description: 'What is wanted of a policy: what is to be least, and within which limits. It changes no run.' })

const baseline = textField('the label of a run', {
  description: 'Label of the run that the others are compared with. Default: fixed(keepAlive=10m).',
})

const prices = textField('the id of a price table, or the path of one', {
  description: 'Id of a price table (pilotlight list prices), or the path of your own (.yaml). Prices change no run.',
}).meta({ anyOf: [{ enum: PRICES.ids }, { pattern: OWN_PRICES_PATTERN }] })

const ownModule = (what: string) =>
  textField(`the path of ${what} (.ts, .js)`, {
    description: `The file of ${what} of your own, relative to this file.`,
    pattern: OWN_MODULE_PATTERN,
  })

const policyKeys = {
  policy: textField('the id of a policy, or the path of one', {
    description: 'Id of a policy, or the path of your own.',
  }),
  label: textField('a label of one line', {
    description: 'Names the runs of this policy in place of its id and parameters.',
    pattern: String.raw`^\P{Cc}+$`,
  }).optional(),
}

/** An experiment but for its model and policies, whose keys depend on the kind of model and the policy. */
export const frameSchema = mappingField(
  'an experiment',
  'key',
  {
    name,
    trace: traceOrPath,
    model: z.unknown().optional(),
    policies: z.unknown().optional(),
    baseline: baseline.optional(),
    choose: choose.optional(),
    seed: gridField(seed).optional(),
    prices: prices.optional(),
    metrics: z.array(ownModule('a metric')).meta({ description: 'Columns of your own.' }).optional(),
    charts: z.array(ownModule('a chart')).meta({ description: 'Pictures of your own.' }).optional(),
  },
  placeOfKey,
)

/** Where a key of an experiment belongs that stands elsewhere; undefined for what is none anywhere. */
function placeOfKey(key: string): string | undefined {
  // A seed is one of the runs before it is one of a slice.
  if (Object.hasOwn(frameSchema.shape, key)) return 'beside trace and policies, at the beginning of a line'
  if (Object.hasOwn(trace.shape, key)) return `under trace, as in trace: { …, ${key}: … }`
  const kind = MODEL_KINDS.all.find(({ options }) => Object.hasOwn(options, key))
  if (kind !== undefined) return `under model, as in model: { kind: ${kind.id}, ${key}: … }`
  if (Object.hasOwn(choose.shape, key)) return `under choose, as in choose: { …, ${key}: … }`
  return Object.hasOwn(policyKeys, key) ? `under policies, as in policies: [{ …, ${key}: … }]` : undefined
}

/** The same for a key under model, which may be an option of other kinds. */
function kindOrPlaceOf(key: string): string | undefined {
  const kinds = MODEL_KINDS.all.filter(({ options }) => Object.hasOwn(options, key))
  return kinds.length === 0 ? placeOfKey(key) : `to the kind ${kinds.map(({ id }) => id).join(' or ')}`
}

/** The options of one kind of model. */
export function modelSchema({ id, options }: Pick<ModelKind, 'id' | 'options'>) {
  const kind = z.unknown().meta({ const: id, description: 'The kind of model.' })
  const keys = { kind: id === DEFAULT_MODEL ? kind.optional() : kind, ...gridFields(options) }
  return mappingField(`the ${id} model`, 'option', keys, kindOrPlaceOf)
}

/** The keys that an entry of one policy may have, the options of the model that it may choose for itself included. */
export function entrySchema(
  { id, parameters }: Pick<PolicyDefinition, 'id' | 'parameters'>,
  ownOptions: ModelKind['options'],
) {
  const kinds = Object.entries(parameters).map(([key, parameter]) => [key, settingKind(parameter)] as const)
  const fields = { ...ownFields(ownOptions), ...gridFields(Object.fromEntries(kinds)) }
  return mappingField(`the policy ${id}`, 'parameter', { ...policyKeys, ...fields }, placeOfKey)
}

/** The keys of the one policy of a live file, each with one value: nothing live is a grid. */
export function livePolicySchema({ id, parameters }: Pick<PolicyDefinition, 'id' | 'parameters'>) {
  const fields = Object.entries(parameters).map(([key, parameter]) => {
    return [key, valueField(settingKind(parameter)).optional()] as const
  })
  return mappingField(`the policy ${id}`, 'parameter', { ...policyKeys, ...Object.fromEntries(fields) })
}

/** Options that an entry may choose for itself; where it does not, they are the model's. */
function ownFields(kinds: Readonly<Record<string, SettingKind>>) {
  return Object.fromEntries(
    Object.entries(kinds).map(([key, kind]) => {
      const { default: _, description, ...jsonSchema } = kind.jsonSchema
      const own = { ...jsonSchema, description: `${description} Default: the model’s.` }
      return [key, gridField({ ...kind, jsonSchema: own }).optional()]
    }),
  )
}

function gridFields(kinds: Readonly<Record<string, SettingKind>>) {
  return Object.fromEntries(
    Object.entries(kinds).map(([key, kind]) => {
      const field = gridField(kind)
      return [key, kind.jsonSchema.default === undefined ? field : field.optional()]
    }),
  )
}

/** The JSON Schema of an experiment over these policies, for editors; plain data. */
export function jsonSchema(policies: Registry<PolicyDefinition>): Record<string, unknown> {
  const named = policies.all.map((policy) => {
    const id = z.unknown().meta({ const: policy.id, description: policy.summary })
    return entrySchema(policy, ownOptions(MODEL_KINDS.get('cluster', '')))
      .extend({ policy: id })
      .meta({ title: policy.id, description: policy.summary })
  })
  const models = MODEL_KINDS.all.map((kind) => modelSchema(kind).meta({ title: kind.id, description: kind.summary }))
  const whole = frameSchema
    .extend({
      model: z.union([...models, z.array(z.union(models)).min(1)]).optional(),
      policies: z.array(z.union([...named, ownSchema])).min(1),
    })
    .meta({ title: 'pilotlight experiment', description: 'An experiment of pilotlight.' })
  return toJsonSchema(whole)
}

/** A policy that only its file knows the parameters of. */
const ownSchema = z
  .looseObject({ ...policyKeys, policy: z.unknown().meta({ type: 'string', pattern: OWN_POLICY_PATTERN }) })
  .meta({ title: 'your own', description: 'A policy of your own, by the path of its file.' })

/** The schemas of the policies that a live file may name. */
export function livePolicySchemas(policies: readonly PolicyDefinition[]) {
  const named = policies.map((policy) => {
    const id = z.unknown().meta({ const: policy.id, description: policy.summary })
    return livePolicySchema(policy).extend({ policy: id }).meta({ title: policy.id, description: policy.summary })
  })
  return z.union([...named, ownSchema])
}

/** What a schema takes, as JSON Schema. */
export function toJsonSchema(schema: z.ZodType): Record<string, unknown> {
  return z.toJSONSchema(schema, { io: 'input', override: asWritten }) as Record<string, unknown>
}

/** A default belongs to what is written, not to what is read from it; zod leaves it out where the two differ. */
function asWritten(made: { zodSchema: z.core.$ZodTypes; jsonSchema: Record<string, unknown> }): void {
  const standard = z.globalRegistry.get(made.zodSchema)?.['default']
  if (standard !== undefined) made.jsonSchema['default'] = standard
  // zod tells an editor what comes out of what is written, and not what else may be written.
  const { alsoText, ...long } = made.jsonSchema
  if (alsoText === undefined) return
  for (const key of Object.keys(made.jsonSchema)) delete made.jsonSchema[key]
  made.jsonSchema['anyOf'] = [alsoText, long]
}
