import { UserError } from '../../core/user-error.ts'
import { merged } from '../apply/merge.ts'
import type { Change } from '../apply/tool.ts'
import { type Data, type ExportFile, jsonFile, userYaml } from './export-file.ts'

/** What a platform has now: objects by what the tool of an export knows them by. */
export type PresentObjects = ReadonlyMap<string, Data>

/** What kinds of objects are called where the tool calls them otherwise. */
const KINDS: Readonly<Record<string, string>> = { ksvc: 'service', 'functions.fission.io': 'function' }
/** Where listings have the name of an entry. */
const NAMES = ['name', 'FunctionName', 'functionName', 'id'] as const

/**
 * The objects of a listing that an export changes: what `kubectl get -o json` or `az … list` print, a list of objects, or
 * what present.sh prints, which is one object after the other by its name. Throws a UserError where it is none of these.
 */
export function presentObjects(text: string, where: string, changes: readonly Change[]): PresentObjects {
  const data = userYaml(text, where)
  const entries = entriesOf(data)
  if (entries === undefined) {
    const hint = 'kubectl get … -o json, az … list, or the present.sh of an export print one.'
    throw new UserError({ where, problem: 'expected a listing of what the platform has', hint })
  }
  const found = changes.flatMap(({ object }) => {
    const entry = entries.find((each) => isSame(object, each))
    return entry === undefined ? [] : [[object, entry.data] as const]
  })
  return new Map(found)
}

interface Entry {
  /** Absent where the listing has names alone. */
  readonly kind?: string
  readonly name: string
  readonly data: Data
}

function entriesOf(data: unknown): Entry[] | undefined {
  if (Array.isArray(data)) return (data as Data[]).flatMap((each) => entryOf(each))
  if (typeof data !== 'object' || data === null) return undefined
  const { items, value } = data as { readonly items?: unknown; readonly value?: unknown }
  for (const list of [items, value]) if (Array.isArray(list)) return (list as Data[]).flatMap((each) => entryOf(each))
  const one = entryOf(data as Data)
  if (one.length > 0) return one
  return Object.entries(data as Readonly<Record<string, Data | null>>).flatMap(([name, each]) => {
    return typeof each === 'object' && each !== null ? [{ name, data: each }] : []
  })
}

function entryOf(data: Data): Entry[] {
  if (typeof data !== 'object' || data === null) return []
  const kind = data['kind'] === undefined ? {} : { kind: String(data['kind']).toLowerCase() }
  const ofMetadata = data['metadata']?.['name']
  const name = ofMetadata ?? NAMES.map((key) => data[key]).find((each) => typeof each === 'string')
  return name === undefined ? [] : [{ ...kind, name: String(name), data }]
}

function isSame(object: string, { kind, name }: Entry): boolean {
  if (name === object) return true
  const [prefix = '', ...rest] = object.split('/')
  return rest.join('/') === name && (kind === undefined || kind === (KINDS[prefix] ?? prefix))
}

/** The files of an export with every object as it is now, or, with the export merged in, as it will be. */
export function filesWith(
  files: readonly ExportFile[],
  changes: readonly Change[],
  present: PresentObjects,
  becomes: 'as it is' | 'as exported',
): ExportFile[] {
  const objectOf = new Map(changes.map(({ object, patch }) => [patch, object]))
  return files.flatMap((file) => {
    const object = objectOf.get(file.path)
    if (object === undefined) return becomes === 'as it is' ? [] : [file]
    const now = present.get(object)
    if (becomes === 'as it is') return now === undefined ? [] : [jsonFile(file.path, now)]
    return [jsonFile(file.path, merged(now, JSON.parse(file.text) as Data))]
  })
}

/** What an export makes another of the objects that there are, key by key, as lines for people. */
export function presentDiff(files: readonly ExportFile[], changes: readonly Change[], present: PresentObjects): string {
  const textOf = new Map(files.map(({ path, text }) => [path, text]))
  const parts = changes.map(({ object, patch }) => {
    const now = present.get(object)
    if (now === undefined) return `${object}: is not in the listing\n`
    const [before, after] = [leavesOf(now), leavesOf(merged(now, JSON.parse(textOf.get(patch)!) as Data))]
    const keys = [...new Set([...before.keys(), ...after.keys()])]
    const lines = keys.flatMap((key) => {
      const [old, next] = [before.get(key), after.get(key)]
      if (old === next) return []
      return [...(old === undefined ? [] : [`- ${key}: ${old}`]), ...(next === undefined ? [] : [`+ ${key}: ${next}`])]
    })
    return lines.length === 0 ? `${object}: nothing to change\n` : `${object}:\n${lines.join('\n')}\n`
  })
  return parts.join('\n')
}

function leavesOf(value: unknown, path = ''): Map<string, string> {
  if (typeof value !== 'object' || value === null) return new Map([[path, JSON.stringify(value) ?? 'null']])
  const entries = Array.isArray(value)
    ? (value as unknown[]).map((each, index) => [`[${index}]`, each] as const)
    : Object.entries(value).map(([key, each]) => [path === '' ? key : `.${key}`, each] as const)
  return new Map(entries.flatMap(([key, each]) => [...leavesOf(each, path + key)]))
}

/** What was there before, from the listing: rollback.sh sets it again. */
export function savedObjects(present: PresentObjects): ExportFile[] {
  return [...present].map(([object, data]) => {
    return jsonFile(`before/${object.replaceAll(/[^A-Za-z0-9._-]/g, '_')}.json`, { object, present: data })
  })
}
