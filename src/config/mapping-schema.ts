import { z } from 'zod'
import { isTimeZone } from '../core/time-zone.ts'
import { ORIGINS } from '../trace/build/event-time.ts'
import { formatMistake } from '../trace/mapping/moment-reader.ts'
import { MEMORY_UNITS, TIME_UNITS } from '../trace/mapping/mapping.ts'
import { UNIT_IN_TEXT } from '../trace/mapping/written.ts'
import { TRIGGERS } from '../trace/trace.ts'
import { mappingField } from './field.ts'
import { toJsonSchema } from './experiment-schema.ts'
import { found, isMistake, type Mistake, readDuration } from './setting.ts'

/** A key whose value is read by a function that says what is wrong with it. */
function readField<T>(
  jsonSchema: Record<string, unknown>,
  read: (raw: unknown) => { readonly value: T } | Mistake,
): z.ZodType<T> {
  return z
    .unknown()
    .transform((raw, { issues }) => {
      const result = read(raw)
      if ('value' in result) return result.value
      const { problem, hint } = result
      issues.push({
        code: 'custom',
        path: [],
        message: hint === undefined ? problem : `${problem}\n${hint}`,
        input: raw,
      })
      return undefined as never
    })
    .meta(jsonSchema)
}

const choice = <T extends string>(options: readonly T[], description: string): z.ZodType<T> =>
  readField({ enum: options, description }, (raw) => {
    const value = options.find((each) => each === raw)
    return value === undefined ? { problem: `expected one of ${options.join(', ')}, found ${found(raw)}` } : { value }
  })

const text = (what: string, description: string): z.ZodType<string> =>
  readField({ type: 'string', minLength: 1, description }, (raw) =>
    typeof raw === 'string' && raw !== '' ? { value: raw } : { problem: `expected ${what}, found ${found(raw)}` },
  )

const column = (description: string): z.ZodType<string | number> =>
  readField<string | number>({ type: ['string', 'integer'], description }, (raw) => {
    if (typeof raw === 'string' && raw !== '') return { value: raw }
    if (typeof raw === 'number' && Number.isInteger(raw) && raw >= 1) return { value: raw }
    return { problem: `expected the name of a column, or its position from 1, found ${found(raw)}` }
  })

const expression = (description: string): z.ZodType<string> =>
  readField({ type: 'string', format: 'regex', minLength: 1, description }, (raw) => {
    if (typeof raw !== 'string' || raw === '') return { problem: `expected a regular expression, found ${found(raw)}` }
    try {
      return { value: new RegExp(raw, 'u').source === '' ? '' : raw }
    } catch (error) {
      return { problem: `expected a regular expression: ${error instanceof Error ? error.message : String(error)}` }
    }
  })

const number = (least: number, description: string): z.ZodType<number> =>
  readField({ type: 'number', minimum: least, description }, (raw) =>
    typeof raw === 'number' && Number.isFinite(raw) && raw >= least
      ? { value: raw }
      : { problem: `expected a number of at least ${least}, found ${found(raw)}` },
  )

const whole = (least: number, description: string): z.ZodType<number> =>
  readField({ type: 'integer', minimum: least, description }, (raw) =>
    typeof raw === 'number' && Number.isSafeInteger(raw) && raw >= least
      ? { value: raw }
      : { problem: `expected a whole number of at least ${least}, found ${found(raw)}` },
  )

const words = (description: string): z.ZodType<readonly (string | number | boolean)[]> =>
  readField({ type: ['array', 'string', 'number', 'boolean'], description }, (raw) => {
    const list: unknown[] = Array.isArray(raw) ? raw : [raw]
    if (list.length > 0 && list.every(isWord)) return { value: list as (string | number | boolean)[] }
    return { problem: `expected a text or a list of texts, found ${found(raw)}` }
  })

function isWord(each: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof each)
}

/** The shorter of two spellings: a plain value, or a mapping. */
function either<A, B>(plain: z.ZodType<A>, mapping: z.ZodType<B>): z.ZodType<A | B> {
  const both = z.unknown().transform((raw, context) => {
    const isMapping = typeof raw === 'object' && raw !== null && !Array.isArray(raw)
    const result = (isMapping ? mapping : plain).safeParse(raw)
    if (result.success) return result.data as A | B
    for (const issue of result.error.issues) context.issues.push({ ...issue, input: raw } as z.core.$ZodRawIssue)
    return undefined as never
  })
  return both.meta({ anyOf: [toJsonSchema(plain), toJsonSchema(mapping)].map(withoutDialect) })
}

function withoutDialect(schema: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$schema'))
}

const MATCH = 'A regular expression on the text: its first group, else what it finds, is taken.'
const FROM =
  'A column by name (a path such as a.b in JSON; with ? at its end it may be absent) or position from 1, or a template such as {func}---{user}.'

const source = (what: string, description: string) =>
  either(
    column(`${description} ${FROM}`),
    z
      .union([
        mappingField(what, 'key', {
          from: column(FROM),
          match: expression(MATCH).optional(),
          to: text('a text', 'What becomes of what the expression finds, with $1 for its first group.').optional(),
          otherwise: text('a text', 'In place of an empty text: a constant, or a template.').optional(),
        }),
        mappingField(what, 'key', { is: text('a text', 'The same for every row.') }),
      ])
      .meta({ description }),
  )

const quantity = (what: string, units: readonly string[], description: string, more: z.ZodRawShape = {}) => {
  const unit = choice(
    [...units, UNIT_IN_TEXT],
    'The unit of the number; `written` where each text says its own: 120ms, 1m2.5s, 0:00:01.2, PT1.2S; 128MB, 128Mi.',
  )
  return mappingField(what, 'key', {
    from: column(FROM).optional(),
    to: column(
      'A second column: the amount is what it has more than `from`; of times, both may be dates in ISO 8601.',
    ).optional(),
    match: expression(MATCH).optional(),
    is: number(0, 'The same for every row, in place of `from`.').optional(),
    decimal: choice(['.', ','], 'What stands before the decimals; a point by default.').optional(),
    unit,
    none: words('Texts that say that there is no value.').optional(),
    otherwise: number(
      0,
      'In place of a missing value, in the same unit; in ms or MB where that is `written`.',
    ).optional(),
    ...more,
  }).meta({ description })
}

const moment = (what: string, description: string) =>
  mappingField(what, 'key', {
    from: column(FROM),
    match: expression(MATCH).optional(),
    unit: choice(
      [...TIME_UNITS, 'iso', 'auto'],
      'The unit of the number, `iso` for dates in ISO 8601; by default dates are told by themselves.',
    ).optional(),
    format: readField(
      { type: 'string', description: 'A date as in %d/%b/%Y:%H:%M:%S %z, in place of a unit.' },
      (raw) => {
        if (typeof raw !== 'string') return { problem: `expected the format of a date, found ${found(raw)}` }
        const mistake = formatMistake(raw)
        return mistake === undefined ? { value: raw } : { problem: `expected the format of a date: ${mistake}` }
      },
    ).optional(),
  }).meta({ description })

const READERS = ['csv', 'jsonl', 'json', 'text', 'parquet', 'arrow', 'oracle-general'] as const

const read = either(
  choice(READERS, 'How the file is cut into rows.').transform((as) => ({ as })),
  mappingField('read', 'key', {
    as: choice(READERS, 'How the file is cut into rows.'),
    delimiter: readField(
      {
        type: 'string',
        minLength: 1,
        maxLength: 1,
        description: 'What parts the fields of a table; a comma by default.',
      },
      (raw) =>
        typeof raw === 'string' && raw.length === 1 && raw !== '"' && raw !== '\n'
          ? { value: raw }
          : { problem: `expected one character, found ${found(raw)}` },
    ).optional(),
    header: readField(
      { type: 'boolean', description: 'Whether the first row of a table names its columns; by default it does.' },
      (raw) => (typeof raw === 'boolean' ? { value: raw } : { problem: `expected true or false, found ${found(raw)}` }),
    ).optional(),
    skip: whole(0, 'Lines of a table that are passed over at its beginning.').optional(),
    comment: text('a text', 'Lines of a table that begin with this are passed over.').optional(),
    rows: text('a path', 'Of a JSON document: the path of the list that holds the rows, as in data.result.').optional(),
  }),
)

const filter = mappingField('a filter', 'key', {
  from: column(FROM),
  is: words('The text is one of these.').optional(),
  match: expression('The text matches this.').optional(),
  rows: text('a text', 'What these rows are, for the join report: health checks.').optional(),
})

const filters = (description: string) => z.array(filter).meta({ description })

const beside = (what: string, units: readonly string[], description: string) =>
  mappingField(what, 'key', {
    path: text(
      'the path of a file or a folder',
      'A table of the same shape, or a folder with one of the same name for each file of counts; relative to this file.',
    ),
    unit: choice(units, 'The unit of its cells.'),
  }).meta({ description })

const counts = mappingField('counts', 'key', {
  layout: choice(
    ['columns', 'rows', 'cells', 'series'],
    'columns: a row is a bucket and each further column a function; rows: a row is a function and its columns from `first` on are buckets; cells: a row is a function, a bucket and a count; series: a row is a function with a list of pairs of a time in s and a count.',
  ),
  bucket: readField({ type: 'string', description: 'Width of a bucket, as in 1m.' }, (raw) => {
    const setting = readDuration(raw, { min: 1 })
    return isMistake(setting) ? setting : { value: setting.value as number }
  }),
  value: column('Layout cells: the column of the count; series: the path of the list.').optional(),
  first: whole(1, 'Layout rows: position, from 1, of the column of the first bucket.').optional(),
  except: words('Layout columns: columns that are no functions.').optional(),
  beside: mappingField('beside', 'key', {
    duration: beside('duration', TIME_UNITS, 'How long executions took; a bucket weighs as much as it has.').optional(),
    memory: beside('memory', MEMORY_UNITS, 'Memory of the app while loaded; the mean over its buckets.').optional(),
  })
    .meta({ description: 'Layout columns: tables of the same shape, whose cells say more of each function.' })
    .optional(),
  gaps: choice(['keep', 'close'], 'close takes the whole days of gaps out of the time of the trace.').optional(),
})

/** The schema of a mapping; `join.path` is relative to its file. */
export const mappingSchema = mappingField('a mapping', 'key', {
  read,
  pattern: either(
    expression('Named groups of this are columns: (?<time>…).'),
    mappingField('pattern', 'key', {
      in: column('The column that it is of; the whole line of a text by default.').optional(),
      match: expression('Its named groups are columns.'),
    }),
  ).optional(),
  only: filters('Rows that fit all of these are read.').optional(),
  except: filters('Rows that fit one of these are left out.').optional(),
  join: mappingField('join', 'key', {
    path: text(
      'the path of a file',
      'A second table, relative to this file, whose columns stand beside those of the first.',
    ),
    read: read.optional(),
    on: z
      .record(z.string(), text('the name of a column', 'Its column in the second table.'))
      .meta({ description: 'Columns of the first table, each with its partner in the second.' }),
  }).optional(),
  app: source('app', 'The app.'),
  function: source('function', 'The function; by default the app has one of its own name.').optional(),
  start: moment('start', 'When the invocation came.').optional(),
  end: moment('end', 'When its execution ended, in place of a start.').optional(),
  duration: quantity('duration', TIME_UNITS, 'How long the execution took, without a cold start.').optional(),
  wait: quantity('wait', TIME_UNITS, 'How long it waited before `start`.').optional(),
  coldStart: quantity(
    'coldStart',
    TIME_UNITS,
    'How long a cold invocation waited for its instance; nothing or 0 where it was warm.',
    {
      within: choice(['duration'], 'The duration holds it and is shortened by it.').optional(),
    },
  ).optional(),
  loading: quantity('loading', TIME_UNITS, 'The loading time of the app, which any row may give.').optional(),
  cold: mappingField('cold', 'key', {
    from: column(FROM),
    is: words('Texts that say that the invocation was cold.'),
  }).optional(),
  instance: source('instance', 'The instance that served it.').optional(),
  memory: quantity('memory', MEMORY_UNITS, 'Memory of the app while loaded.').optional(),
  trigger: source('trigger', 'What set it off.').optional(),
  triggers: z
    .record(
      z.string(),
      choice(
        TRIGGERS.filter((each) => each !== 'unknown'),
        'The trigger that it is.',
      ),
    )
    .meta({ description: 'Other words for triggers.' })
    .optional(),
  weight: column('How many invocations a row stands for.').optional(),
  counts: counts.optional(),
  zone: readField(
    { type: 'string', description: 'The time zone (IANA) of dates that name none; UTC by default.' },
    (raw) =>
      typeof raw === 'string' && isTimeZone(raw)
        ? { value: raw }
        : { problem: `expected a time zone such as Europe/Berlin, found ${found(raw)}` },
  ).optional(),
  origin: choice(
    ORIGINS,
    'Time 0: the first arrival, the midnight before it, or zero: the times as they are.',
  ).optional(),
})

/** The JSON Schema of a mapping, for editors. */
export function mappingJsonSchema(): Record<string, unknown> {
  return toJsonSchema(
    mappingSchema.meta({ title: 'pilotlight mapping', description: 'How a file of anybody’s becomes a trace.' }),
  )
}
