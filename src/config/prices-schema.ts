import { z } from 'zod'
import { formatMemory, parseMemory } from '../core/units.ts'
import { mappingField, settingField, textField } from './field.ts'
import { found, type SettingKind, settingKind } from './setting.ts'

/** Far above any price, and low enough for every sum to be finite. */
const HIGHEST_PRICE = 1e9

/** A price in the table's currency. */
function price(describe: string) {
  return settingField<number>(settingKind({ kind: 'number', describe, default: 0, min: 0, max: HIGHEST_PRICE }))
}

const LARGEST_MB = 1024 ** 3

const memorySize: SettingKind = {
  jsonSchema: {
    type: 'string',
    pattern: String.raw`^\d+(\.\d+)? ?(MB|GB|TB)$`,
    description: 'A size that instances are sold in.',
    default: '128MB',
  },
  read(raw) {
    const mb = typeof raw === 'string' ? parseMemory(raw) : undefined
    if (mb === undefined || mb <= 0 || mb > LARGEST_MB) {
      return { problem: `expected a memory size such as 512MB or 4GB, found ${found(raw)}` }
    }
    return { value: mb, written: String(raw), canonical: formatMemory(mb) }
  },
}

/** Sizes as a list. */
export const sizeListSchema = z.array(settingField<number>(memorySize)).min(1).max(1000)

/** Sizes as multiples of a step. */
export const sizeStepsSchema = mappingField('sizes', 'key', {
  least: settingField<number>(memorySize),
  step: settingField<number>(memorySize),
})

/** Up to 200 characters, none of them a control character; written for readers of JSON Schema without Unicode mode. */
const line = String.raw`^[^\u0000-\u001F\u007F-\u009F]{1,200}$`

/** A price table of the user's own. */
export const priceTableSchema = mappingField('a price table', 'key', {
  currency: textField('the code of a currency in three capital letters', {
    description: 'Code of the currency of all prices, as in USD (ISO 4217).',
    pattern: '^[A-Z]{3}$',
  }),
  running: price('What the user pays per GB-second of an instance that executes.'),
  loading: price('What the user pays per GB-second of an instance that loads. Default: 0.').optional(),
  idle: price(
    'What the user pays per GB-second of an instance that is loaded and executes nothing. Default: 0.',
  ).optional(),
  requests: price('What the user pays per million requests. Default: 0.').optional(),
  resident: price(
    'What a GB-second of loaded memory costs the provider, whatever the instance does; without it there is no provider cost.',
  ).optional(),
  sizes: z.unknown().optional(),
  region: textField('a text of one line', { description: 'Where the prices hold.', pattern: line }).optional(),
  date: textField('a day such as 2026-01-31', {
    description: 'A day on which the prices were in force.',
    pattern: String.raw`^\d{4}-\d{2}-\d{2}$`,
  }).optional(),
  source: textField('a text of one line', { description: 'Where the prices come from.', pattern: line }).optional(),
})

/** The JSON Schema of a price table, for editors; plain data. */
export function priceTableJsonSchema(): Record<string, unknown> {
  const description =
    'Sizes that instances are sold in: a list, or the least and a step. Default: the memory of each app.'
  const sizes = z.union([sizeListSchema, sizeStepsSchema]).meta({ description })
  const whole = priceTableSchema.extend({ sizes: sizes.optional() }).meta({
    title: 'pilotlight price table',
    description: 'Prices of a platform, for the key prices of an experiment.',
  })
  return z.toJSONSchema(whole, { io: 'input' }) as Record<string, unknown>
}
