import { z } from 'zod'
import { CARD_KIND, type ResultCard } from '../metrics/card.ts'
import { toJsonSchema } from './experiment-schema.ts'

const digest = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in hex')
const text = z.string().max(10_000)
const count = z.number().min(0).max(Number.MAX_SAFE_INTEGER)
const record = <T extends z.ZodType>(of: T) => z.record(z.string().max(200), of)

const file = z.looseObject({
  path: text.meta({ description: 'Its name in the folder that was read, or its path as the experiment writes it.' }),
  bytes: count,
  sha256: digest,
})

const bound = z.looseObject({ id: text, bounds: text, coldStarts: count, distance: z.number() })

const run = z.looseObject({
  label: text,
  variant: text.meta({ description: 'Equal for equal policies with equal parameters.' }),
  policy: text,
  policyFile: digest.nullable().meta({ description: 'Of the file of a policy of the user’s own.' }),
  params: record(z.unknown()).meta({ description: 'Every parameter in force; durations in ms.' }),
  model: record(z.unknown()).meta({ description: 'Every option of the model in force.' }),
  spelt: z.looseObject({ params: record(text), model: record(text) }),
  seed: z.number(),
  judged: z.looseObject({ fromMs: count, toMs: count }).nullable(),
  digest: digest.meta({ description: 'Of all that the result depends on.' }),
  ledger: digest.nullable().meta({ description: 'Of the accounts of all apps.' }),
  version: text,
  metrics: record(z.number().nullable()).meta({ description: 'Every metric in its unit, by its id.' }),
  bounds: z.array(bound).max(20),
})

/** The shape of a card. Sizes are bounded: a card comes from anybody. */
export const cardSchema = z.looseObject({
  kind: z.literal(CARD_KIND, `expected ${CARD_KIND}`),
  schema: z.literal(1, 'expected 1'),
  experiment: text,
  version: text.meta({ description: 'Of the package that wrote the card.' }),
  modelVersion: z.int().min(1).nullable(),
  source: z.string().max(1_000_000).nullable().meta({ description: 'The text of the experiment file.' }),
  command: text.nullable(),
  trace: z.looseObject({
    id: text,
    format: text,
    digest,
    apps: count,
    functions: count,
    invocations: count,
    horizonMs: count,
    path: text.nullable(),
    files: z.array(file).max(10_000),
  }),
  files: z.array(file).max(10_000).meta({ description: 'Files of the user’s own that the experiment names.' }),
  baseline: z.looseObject({ label: text, variant: text }),
  notes: z.array(text).max(1000),
  runs: z.array(run).max(100_000),
  unfinished: z.array(text).max(100_000),
}) satisfies z.ZodType<ResultCard>

/** The JSON Schema of a card. */
export function cardJsonSchema(): Record<string, unknown> {
  return toJsonSchema(
    cardSchema.meta({
      title: 'pilotlight result card',
      description: 'All that is needed to make runs again and to tell whether they are the same.',
    }),
  )
}
