import { readdir } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { UserError } from '../../../core/user-error.ts'
import { headerOf } from '../../table/record-scanner.ts'
import { placeOf, shown } from '../../table/place.ts'
import { kindOfPath } from '../../table/source-bytes.ts'
import { refused } from '../../../files/system-error.ts'
import { isUnfinished } from '../../../files/unfinished.ts'
import type { Defects } from './azure-defects.ts'
import { nearlyTableOf, type AzureTable, azureTableOf } from './azure-tables.ts'

/** A file of the data set. */
export interface TableFile {
  readonly path: string
  /** Its name in the folder. */
  readonly name: string
  readonly table: AzureTable
  /** Day of the data set, from 1. */
  readonly day: number
  readonly header: readonly string[]
  /** Size on disk. */
  readonly bytes: number
}

interface CsvFile {
  readonly path: string
  readonly name: string
}

/** Whether a table of the data set is at a path, be it a file or a directory. */
export async function hasTable(path: string): Promise<boolean> {
  for (const file of await csvFilesAt(path)) {
    if (azureTableOf((await headerOf(file.path)) ?? []) !== undefined) return true
  }
  return false
}

/**
 * The data set's files at the paths (directories or files) by day; `where` is what holds them all. Throws a
 * {@link UserError} when there is no table of invocations, when a day has a table twice, or when the names of only some
 * files tell their day.
 */
export async function tableFiles(
  paths: readonly string[],
  where: string,
  defects: Defects,
): Promise<readonly TableFile[]> {
  const tables: Omit<TableFile, 'day'>[] = []
  for (const file of await csvFiles(paths)) {
    const header = (await headerOf(file.path)) ?? []
    const table = azureTableOf(header)
    if (table === undefined) refuseNearly(file, header)
    if (table === undefined) defects.note('file-unknown', () => file.name)
    else tables.push({ ...file, table, header, bytes: (await kindOfPath(file.path)).bytes })
  }
  if (!tables.some(({ table }) => table === 'invocations')) throw noInvocations(where, tables)
  const files = withDays(tables)
  files.forEach(({ table, day, path }, index) => {
    const other = files.slice(0, index).find((file) => file.table === table && file.day === day)
    if (other === undefined) return
    throw new UserError({
      where: path,
      problem: `a second table of ${table} for day ${day}, after ${other.path}`,
      hint: 'Leave one of the two out; the day of a file is the "dNN" in its name.',
    })
  })
  return files.sort((a, b) => a.day - b.day)
}

/** A table with a column misspelt is no file of something else: its rows would silently be missing. */
function refuseNearly({ path }: CsvFile, header: readonly string[]): void {
  const nearly = nearlyTableOf(header)
  if (nearly === undefined) return
  const { table, lacking } = nearly
  const found = header.slice(0, 8).join(',')
  throw new UserError({
    where: placeOf(path, 1),
    problem: `a table of ${table} has the columns ${lacking.join(', ')} besides, found ${shown(found)}`,
    hint: 'Correct the header, or take the file out of the folder.',
  })
}

/** The CSV files at the paths, each once, in an order that does not depend on that of the paths. */
async function csvFiles(paths: readonly string[]): Promise<readonly CsvFile[]> {
  const found = (await Promise.all(paths.map(csvFilesAt))).flat()
  const byPlace = new Map(found.map((file) => [resolve(file.path), file]))
  return [...byPlace.keys()].sort().map((place) => byPlace.get(place)!)
}

async function csvFilesAt(path: string): Promise<readonly CsvFile[]> {
  if ((await kindOfPath(path)).kind === 'file') return [{ path, name: basename(path) }]
  const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
    throw refused(path, 'read', error)
  })
  const names = entries
    .filter((entry) => !entry.isDirectory() && !isUnfinished(entry.name) && /\.csv(\.gz)?$/i.test(entry.name))
    .map(({ name }) => name)
  return names.sort().map((name) => ({ path: join(path, name), name }))
}

/** Gives every file its day; a set of files without any day in their names is one day. */
function withDays(tables: readonly Omit<TableFile, 'day'>[]): TableFile[] {
  const days = tables.map(({ name }) => dayIn(name))
  if (days.every((day) => day === undefined)) return tables.map((file) => ({ ...file, day: 1 }))
  return tables.map((file, index) => {
    const day = days[index]
    if (day !== undefined && day > 0) return { ...file, day }
    const example = tables[days.findIndex((other) => other !== undefined && other > 0)]?.name ?? 'durations.d01.csv'
    throw new UserError({
      where: file.path,
      problem: `a day from "d01" was expected in its name, as in that of ${example}`,
    })
  })
}

/** The number in the last `dNN` that stands by itself in a name. */
function dayIn(name: string): number | undefined {
  const found = [...name.matchAll(/(?<![a-z0-9])d(\d{1,3})(?![a-z0-9])/gi)].at(-1)
  return found === undefined ? undefined : Number(found[1])
}

function noInvocations(path: string, tables: readonly Pick<TableFile, 'table'>[]): UserError {
  const found =
    tables.length === 0 ? 'no table of the data set' : `only ${tables.map(({ table }) => table).join(' and ')}`
  return new UserError({
    where: path,
    problem: `a table of invocations was expected, found ${found}`,
    hint: 'Its name ends in .csv or .csv.gz, and its header is HashOwner,HashApp,HashFunction,Trigger and minutes from 1 to 1440.',
  })
}
