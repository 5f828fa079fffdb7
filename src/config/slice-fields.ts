import { z } from 'zod'
import type { Slice } from '../trace/slice.ts'
import { found, isMistake, readDuration } from './setting.ts'

/** A key whose value is read by a function that says what is wrong with it. */
function field<T>(jsonSchema: Record<string, unknown>, read: (raw: unknown) => T | { readonly problem: string }) {
  return z
    .unknown()
    .transform((raw, { issues }) => {
      const value = read(raw)
      if (typeof value !== 'object' || value === null || !('problem' in value)) return value as T
      issues.push({ code: 'custom', path: [], message: value.problem, input: raw })
      return undefined as never
    })
    .meta(jsonSchema)
    .optional()
}

function isName(each: unknown): each is string {
  return typeof each === 'string' && each !== ''
}

function millisecondsOf(raw: unknown): number | { readonly problem: string } {
  const setting = readDuration(raw, { min: 0 })
  return isMistake(setting) ? setting : (setting.value as number)
}

/** The keys of a trace that choose a part of it. */
export const sliceFields = {
  from: field<NonNullable<Slice['from']>>(
    {
      type: 'string',
      description: 'Where the part begins: a time since the beginning, as in 36h, or a date in ISO 8601.',
    },
    (raw) => {
      const epochMs = typeof raw === 'string' && /^\d{4}-\d\d-\d\d/.test(raw) ? Date.parse(raw) : Number.NaN
      if (!Number.isNaN(epochMs)) return { epochMs }
      const ms = millisecondsOf(raw)
      return typeof ms === 'number' ? { ms } : ms
    },
  ),
  for: field<number>(
    { type: 'string', description: 'How long the part lasts, as in 1d; to the end by default.' },
    millisecondsOf,
  ),
  apps: field<readonly string[]>(
    {
      anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' }, minItems: 1 }],
      description: 'Names of apps; one with a * at its end stands for all that begin so.',
    },
    (raw) => {
      const list: unknown[] = Array.isArray(raw) ? raw : [raw]
      return list.length > 0 && list.every(isName) ? list : { problem: `expected names of apps, found ${found(raw)}` }
    },
  ),
  sample: field<number>(
    { type: 'number', exclusiveMinimum: 0, maximum: 1, description: 'The share of the apps that is drawn, as in 0.1.' },
    (raw) =>
      typeof raw === 'number' && raw > 0 && raw <= 1
        ? raw
        : { problem: `expected a share above 0 and up to 1, found ${found(raw)}` },
  ),
  seed: field<number>({ type: 'integer', minimum: 0, description: 'Seed of that draw; 1 by default.' }, (raw) =>
    typeof raw === 'number' && Number.isSafeInteger(raw) && raw >= 0
      ? raw
      : { problem: `expected a whole number from 0, found ${found(raw)}` },
  ),
}

/** The part of a trace that its keys choose; undefined for the whole. */
export function sliceOf(keys: {
  readonly from?: Slice['from'] | undefined
  readonly for?: number | undefined
  readonly apps?: readonly string[] | undefined
  readonly sample?: number | undefined
  readonly seed?: number | undefined
}): Slice | undefined {
  const { from, for: forMs, apps, sample, seed } = keys
  if (from === undefined && forMs === undefined && apps === undefined && sample === undefined) return undefined
  return {
    ...(from === undefined ? {} : { from }),
    ...(forMs === undefined ? {} : { forMs }),
    ...(apps === undefined ? {} : { apps }),
    ...(sample === undefined ? {} : { sample }),
    ...(seed === undefined ? {} : { seed }),
  }
}
