import { existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { UserError } from '../../core/user-error.ts'
import type { Archive } from './archive.ts'
import { ARCHIVES } from './archives.ts'

/**
 * The folder that data sets are downloaded to and opened by their names from: PILOTLIGHT_DATA, else pilotlight in
 * XDG_DATA_HOME, else in ~/.local/share.
 */
export function dataFolder(env: NodeJS.ProcessEnv = process.env): string {
  const { PILOTLIGHT_DATA: own, XDG_DATA_HOME: shared } = env
  if (own !== undefined && own !== '') return resolve(own)
  // By its specification a relative path is none.
  const base = shared?.startsWith('/') === true ? shared : join(homedir(), '.local', 'share')
  return join(base, 'pilotlight')
}

/** The folder of one data set there. */
export function folderOf({ id }: Pick<Archive, 'id'>): string {
  return join(dataFolder(), id)
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll('-', '')
}

/** The data set that a text names, with or without hyphens: `azure-2019`, `azure2019`. */
function archiveNamed(text: string): Archive | undefined {
  return ARCHIVES.all.find(({ id }) => plain(id) === plain(text))
}

/**
 * The path of a trace that is named by a path, or by a data set of the catalogue: what lies at the path comes first. A data
 * set that was not downloaded has the path at which it will be.
 */
export function tracePath(text: string, besides: (path: string) => string = (path) => path): string {
  const path = besides(text)
  const archive = archiveNamed(text)
  return archive === undefined || existsSync(path) ? path : pathOf(archive)
}

function pathOf(archive: Archive): string {
  const folder = folderOf(archive)
  return archive.holds === undefined ? folder : join(folder, archive.holds.file)
}

/**
 * Throws a UserError that names the command which fetches a data set, where the path is that of one which is not there, or
 * says how to unpack it, where its archive is.
 */
export function demandDownloaded(path: string, where: string): void {
  const archive = ARCHIVES.all.find((each) => pathOf(each) === path)
  if (archive === undefined) return
  const { id, file, bytes, licence, unpack } = archive
  const folder = folderOf(archive)
  const there = existsSync(folder) ? readdirSync(folder).filter((name) => !name.startsWith('.')) : []
  if (archive.holds === undefined ? there.some((name) => !name.startsWith(file)) : existsSync(path)) return
  if (there.includes(file)) {
    const hint = `Unpack it: cd ${folder} && ${unpack.join(' ')}`
    throw new UserError({ where, problem: `the archive of ${id} is in ${folder}, and not unpacked`, hint })
  }
  const size = bytes === undefined ? 'of a size that is not known' : `${Math.round(bytes / 1e6)} MB`
  throw new UserError({
    where,
    problem: `the data set ${id} is not downloaded: it would be at ${path}`,
    hint: `pilotlight download ${id} fetches it (${size}, ${licence}). Where you have it elsewhere, give its path.`,
  })
}
