import { UserError } from '../../core/user-error.ts'
import { merged } from '../apply/merged-document.ts'
import type { Change } from '../apply/tool.ts'
import type { Platform } from '../platform.ts'
import { type Data, type ExportFile, jsonFile } from './export-file.ts'
import { listingDocuments } from './listing.ts'

/** A platform's present objects, by the names that an export's tool has for them. */
export type PresentObjects = ReadonlyMap<string, Data>

/** A listing of what a platform has, and where it was read. */
export interface Listing {
  readonly text: string
  readonly where: string
}

type Settings = Readonly<Record<string, string>>

/**
 * The objects of a listing that an export changes. A listing is the output of the platform's own commands, or of present.sh,
 * which prints one object after the other with its name. Throws a UserError where it is neither, and for a platform that cannot
 * print its objects.
 */
export function presentObjects(
  { text, where }: Listing,
  platform: Pick<Platform, 'title' | 'present'>,
  changes: readonly Change[],
  settings: Settings,
): PresentObjects {
  const { title, present } = platform
  if (typeof present === 'string') {
    throw new UserError({ where, problem: `--present cannot be used with ${title}: ${present}`, hint: 'Leave it out.' })
  }
  const documents = listingDocuments(text, where)
  const byName = objectsByName(documents, changes)
  if (byName !== undefined) return byName
  const listed = documents.every(isMapping) ? present.objects(documents, settings) : []
  const isEmpty = documents.length > 0 && documents.every((each) => isMapping(each) && isEmptyListing(each))
  if (listed.length === 0 && !isEmpty) {
    const problem = `expected a listing of objects of ${title}, found none`
    const hint = `present.sh of an export prints one. So do these commands: ${present.commands(settings).join('; ')}`
    throw new UserError({ where, problem, hint })
  }
  const wanted = new Set(changes.map(({ object }) => object))
  return new Map(listed.filter(([object]) => wanted.has(object)))
}

function isMapping(each: unknown): boolean {
  return typeof each === 'object' && each !== null
}

/** What present.sh prints: every object by its name, null where there is none. */
function objectsByName(documents: readonly Data[], changes: readonly Change[]): PresentObjects | undefined {
  const [all, ...others] = documents
  if (others.length > 0 || Array.isArray(all) || typeof all !== 'object' || (all as unknown) === null) return undefined
  const found = changes.filter(({ object }) => object in all && typeof all[object] === 'object')
  if (found.length === 0) return undefined
  return new Map(
    found.flatMap(({ object }) => ((all[object] ?? null) === null ? [] : [[object, all[object]!] as const])),
  )
}

/** An empty list, as a platform without objects prints it. */
function isEmptyListing(document: Data): boolean {
  const lists = Array.isArray(document) ? [document] : Object.values(document).filter((each) => Array.isArray(each))
  const isNothing = !Array.isArray(document) && Object.keys(document).length === 0
  return isNothing || (lists.length > 0 && lists.every((each) => (each as unknown as unknown[]).length === 0))
}

/** The files of an export with every object as it is now, or, with the export merged in, as it will be. */
export function filesWith(
  files: readonly ExportFile[],
  { changes, maxima }: Changing,
  present: PresentObjects,
  becomes: 'as it is' | 'as exported',
): ExportFile[] {
  const objectOf = new Map(changes.map(({ object, patch }) => [patch, object]))
  return files.flatMap((file) => {
    const object = objectOf.get(file.path)
    if (object === undefined) return becomes === 'as it is' ? [] : [file]
    const now = present.get(object)
    if (becomes === 'as it is') return now === undefined ? [] : [jsonFile(file.path, now)]
    return [jsonFile(file.path, merged(now, JSON.parse(file.text) as Data, maxima))]
  })
}

/** What an export changes, and which numbers it only raises. */
export interface Changing {
  readonly changes: readonly Change[]
  readonly maxima: Platform['maxima']
}

const ABOUT = `What the export sets in the objects of the listing, key by key. What goes by the month, once or by a measured load there
is not simulated.

`

/** What an export changes in the present objects, key by key, as lines for people. */
export function presentDiff(
  files: readonly ExportFile[],
  { changes, maxima }: Changing,
  present: PresentObjects,
): string {
  const textOf = new Map(files.map(({ path, text }) => [path, text]))
  const parts = changes.map(({ object, patch }) => {
    const now = present.get(object)
    if (now === undefined) return `${object}: not in the listing\n`
    const [before, after] = [leavesOf(now), leavesOf(merged(now, JSON.parse(textOf.get(patch)!) as Data, maxima))]
    const keys = [...new Set([...before.keys(), ...after.keys()])]
    const lines = keys.flatMap((key) => {
      const [old, next] = [before.get(key), after.get(key)]
      if (old === next) return []
      return [...(old === undefined ? [] : [`- ${key}: ${old}`]), ...(next === undefined ? [] : [`+ ${key}: ${next}`])]
    })
    return lines.length === 0 ? `${object}: nothing to change\n` : `${object}:\n${lines.join('\n')}\n`
  })
  return ABOUT + parts.join('\n')
}

function leavesOf(value: unknown, path = ''): Map<string, string> {
  if (typeof value !== 'object' || value === null) return new Map([[path, JSON.stringify(value) ?? 'null']])
  const entries = Array.isArray(value)
    ? (value as unknown[]).map((each, index) => [`[${index}]`, each] as const)
    : Object.entries(value).map(([key, each]) => [path === '' ? key : `.${key}`, each] as const)
  return new Map(entries.flatMap(([key, each]) => [...leavesOf(each, path + key)]))
}

/** The objects as the listing has them, and what the export sets in them, for rollback.sh. */
export function savedObjects(
  files: readonly ExportFile[],
  changes: readonly Change[],
  present: PresentObjects,
): ExportFile[] {
  const textOf = new Map(files.map(({ path, text }) => [path, text]))
  return changes.flatMap(({ object, patch: file }) => {
    const now = present.get(object)
    if (now === undefined) return []
    const saved = { object, file, present: now, patch: JSON.parse(textOf.get(file)!) as Data }
    return [jsonFile(`before/${object.replaceAll(/[^A-Za-z0-9._-]/g, '_')}.json`, saved)]
  })
}
