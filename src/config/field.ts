import { z } from 'zod'
import { UserError } from '../core/user-error.ts'
import type { Path, SourceDocument } from './document.ts'
import { RANGE_PATTERN } from './range-setting.ts'
import { found, isMistake, type Mistake, type Setting, type SettingKind, unknownKey, type Value } from './setting.ts'

/** A key that holds a value or a list of values, which is a grid. */
export function gridField(kind: SettingKind): z.ZodType<readonly Setting[]> {
  if (kind.readAll !== undefined) return wholeField(kind.jsonSchema, (raw) => kind.readAll!(raw))
  const { description, default: standard, ...item } = kind.jsonSchema
  const one = kind.readRange === undefined ? item : { anyOf: [item, { type: 'string', pattern: RANGE_PATTERN }] }
  const list = { type: 'array', minItems: 1, items: one }
  return z
    .unknown()
    .transform((raw, { issues }) => {
      if (Array.isArray(raw) && raw.length === 0) {
        complain(issues, [], { problem: 'expected a value or a list of values, found an empty list' })
      }
      return (Array.isArray(raw) ? raw : [raw]).flatMap((value: unknown, index) => {
        const setting = kind.readRange?.(value) ?? kind.read(value)
        if (!isMistake(setting)) return Array.isArray(setting) ? setting : [setting as Setting]
        complain(issues, Array.isArray(raw) ? [index, ...(setting.path ?? [])] : (setting.path ?? []), setting)
        return []
      })
    })
    .meta({ anyOf: [one, list], description, default: standard })
}

/** A key that holds one value. */
export function valueField(kind: Pick<SettingKind, 'jsonSchema' | 'read'>): z.ZodType<Value> {
  return z
    .unknown()
    .transform((raw, { issues }) => {
      const setting = kind.read(raw)
      if (!isMistake(setting)) return setting.value
      complain(issues, setting.path ?? [], setting)
      return 0
    })
    .meta(kind.jsonSchema)
}

/** A key whose value is read as a whole and stands for one value or several. */
function wholeField(
  jsonSchema: SettingKind['jsonSchema'],
  readAll: (raw: unknown) => readonly Setting[] | Mistake,
): z.ZodType<readonly Setting[]> {
  return z
    .unknown()
    .transform((raw, { issues }) => {
      const settings = readAll(raw)
      if (!isMistake(settings)) return settings
      complain(issues, settings.path ?? [], settings)
      return []
    })
    .meta(jsonSchema)
}

/** A key that holds one value of a kind. */
export function settingField<T extends Value>(kind: SettingKind): z.ZodType<T> {
  const { default: _standard, ...jsonSchema } = kind.jsonSchema
  return z
    .unknown()
    .transform((raw, { issues }) => {
      const setting = kind.read(raw)
      if (!isMistake(setting)) return setting.value as T
      complain(issues, [], setting)
      return undefined as never
    })
    .meta(jsonSchema)
}

/** A key that holds a text: `what` it is in a sentence, and what an editor is told of it, `pattern` included. */
export function textField(
  what: string,
  jsonSchema: { readonly description: string; readonly pattern?: string; readonly examples?: readonly string[] },
): z.ZodType<string> {
  const pattern = new RegExp(jsonSchema.pattern ?? '.', 'u')
  return z
    .unknown()
    .transform((raw, { issues }) => {
      if (typeof raw === 'string' && pattern.test(raw)) return raw
      complain(issues, [], { problem: `expected ${what}, found ${found(raw)}` })
      return ''
    })
    .meta({ type: 'string', minLength: 1, ...jsonSchema })
}

/**
 * A mapping with these keys and no others: `what` names it in sentences and `noun` one of its keys. `belongs` says of a key
 * that is none of them what it is a key of; undefined where it is none anywhere.
 */
export function mappingField<S extends z.ZodRawShape>(
  what: string,
  noun: string,
  shape: S,
  belongs: (key: string) => string | undefined = () => undefined,
): z.ZodObject<S, z.core.$strict> {
  const known = Object.keys(shape)
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code === 'invalid_type') return `expected ${what} as a mapping, found ${found(issue.input)}`
      if (issue.code !== 'unrecognized_keys') return undefined
      const key = String((issue as { keys?: unknown[] }).keys?.[0])
      const unknown = unknownKey(`${what} has no ${noun}`, key, known)
      const place = belongs(key)
      return message(place === undefined ? unknown : { ...unknown, hint: `It belongs ${place}.` })
    },
  })
}

/** Reads what stands at `path` of a document. Throws a {@link UserError} for the mistake that comes first in the file. */
export function check<T>(schema: z.ZodType<T>, document: SourceDocument, raw: unknown, path: Path): T {
  const result = schema.safeParse(raw)
  if (result.success) return result.data
  const mistakes = result.error.issues.map((issue) => {
    const there = [...path, ...(issue.path as Path)]
    const place = placeOf(issue, document, there)
    const [problem = '', hint] = issue.message.split('\n')
    return { offset: place.offset, complaint: { where: place.where, problem, ...(hint === undefined ? {} : { hint }) } }
  })
  throw new UserError(mistakes.toSorted((a, b) => a.offset - b.offset)[0]!.complaint)
}

/** Where a mistake stands: at a key that should not be there, else at a value. */
function placeOf(issue: z.core.$ZodIssue, document: SourceDocument, path: Path): ReturnType<SourceDocument['key']> {
  if (issue.code === 'unrecognized_keys') return document.key([...path, issue.keys[0]!])
  return issue.code === 'custom' && issue.params?.['isKey'] === true ? document.key(path) : document.value(path)
}

/** Adds a mistake at a path, seen from the value being read. */
function complain(issues: z.core.$ZodRawIssue[], path: Path, mistake: Mistake): void {
  const params = { isKey: mistake.isKey === true }
  issues.push({ code: 'custom', path: [...path], message: message(mistake), input: undefined, params })
}

/** A mistake as one text, which {@link check} takes apart again: zod carries no more than a message. */
function message({ problem, hint }: Mistake): string {
  return hint === undefined ? problem : `${problem}\n${hint}`
}
