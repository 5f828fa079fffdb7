import { lstat, mkdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname, isAbsolute, join, normalize, relative, sep } from 'node:path'
import { UserError } from '../core/user-error.ts'
import { fileDigest } from './file-digest.ts'
import { makeFolder, namesIn } from './folder.ts'
import { type Content, syncFolder, writeWhole } from './replace-file.ts'
import { isSystemError, refused, systemCode } from './system-error.ts'
import { removeLeftovers, inTheMaking } from './unfinished.ts'

/** A file under a folder. */
export interface FolderFile {
  /** Relative to the folder, with `/`. */
  readonly path: string
  readonly content: Content | string
}

/** How a folder is written. */
export interface FolderOptions {
  /** Write also where there are files of somebody else, and over them. */
  readonly force: boolean
  /** Whether the folder is one of our own by its place, whatever is in it. */
  readonly isOurs?: boolean
  /** Whether the files are all that the folder shall have: those of an earlier time are then removed. */
  readonly isAll?: boolean
}

/** Stores lie beside reports. */
const BESIDE = /\.sqlite(-journal)?$/

/** The list of what we wrote into a folder: a line per file, its SHA-256 (hex), two spaces and its path, as sha256sum has it. */
const LIST = '.pilotlight'

/**
 * Files that are whole, and are still to be moved to their places, with the list of them. Who finds this folder is to
 * go on with the moves: a command that was killed did not come to their end. Its name is that of something in the making.
 */
const WHOLE = '.pilotlight-whole.part'

/**
 * Writes files into a folder: all of them, or none. They are made in a folder of their own, which is then renamed to say
 * that it is whole; a command that finds it goes on with the moves. Throws a {@link UserError} for a folder that
 * {@link demandOwnFolder} refuses, and when the disk does not let us.
 */
export async function writeOwnFolder(
  folder: string,
  files: readonly FolderFile[],
  options: FolderOptions,
): Promise<void> {
  await demandOwnFolder(folder, options)
  await makeFolder(folder)
  await removeLeftovers(folder)
  if (!options.force && options.isOurs !== true) await demandOwnFiles(folder, files)
  const make = async (stage: string): Promise<void> => {
    await mkdir(stage)
    const now: OwnFiles = new Map(options.isAll === true ? [] : await listIn(folder))
    for (const { path, content } of files) {
      await makeFolder(dirname(join(stage, path)))
      await writeWhole(join(stage, path), typeof content === 'string' ? [content] : content)
      now.set(path, (await digestOf(join(stage, path)))!)
    }
    await writeWhole(
      join(stage, LIST),
      [...now].map(([path, digest]) => `${digest}  ${path}\n`),
    )
    for (const within of new Set(['', ...files.map(({ path }) => dirname(path))])) await syncFolder(join(stage, within))
    // What cannot be put in its place is to be told while nothing is.
    for (const { path } of files) await demandPlace(folder, path)
    await renameToWhole(stage, folder)
    await moveWhole(folder)
  }
  try {
    await inTheMaking(join(folder, LIST), make)
  } catch (error) {
    throw refused(folder, 'written', error, 'Choose another place.')
  }
}

/**
 * Refuses a folder that is neither new nor empty nor written by {@link writeOwnFolder}, and one whose files were changed
 * since they were written, unless forced; and comes to the end of what a killed command was putting there. To be called
 * before long work, so that nobody waits for a refusal.
 */
export async function demandOwnFolder(folder: string, { force, isOurs = false }: FolderOptions): Promise<void> {
  if (!(await isThere(folder))) return
  if (!force) await demandUnchanged(folder, isOurs)
  try {
    await moveWhole(folder)
  } catch (error) {
    throw refused(folder, 'written', error, 'Choose another place.')
  }
}

async function demandUnchanged(folder: string, isOurs: boolean): Promise<void> {
  const [then, now] = [await listIn(folder), await listIn(join(folder, WHOLE))]
  const names = (await namesIn(folder)).filter((name) => name !== LIST && !BESIDE.test(name))
  if (names.length > 0 && then.size === 0 && now.size === 0 && !isOurs) {
    const problem = `expected a new or empty folder, or one that pilotlight wrote, found ${inIt(names)}`
    throw new UserError({ where: folder, problem, hint: 'Choose another place, or write there with --force.' })
  }
  for (const path of new Set([...then.keys(), ...now.keys()])) {
    const found = await digestOf(join(folder, path))
    if (found === undefined || found === then.get(path) || found === now.get(path)) continue
    const hint = 'Keep it elsewhere, or write over it with --force.'
    throw new UserError({ where: join(folder, path), problem: 'it was changed since pilotlight wrote it', hint })
  }
}

/** Refuses files that would take the place of somebody else's, in a folder that is ours otherwise. */
async function demandOwnFiles(folder: string, files: readonly FolderFile[]): Promise<void> {
  const ours = await listIn(folder)
  for (const { path } of files) {
    if (ours.has(path) || !(await isThere(join(folder, path)))) continue
    const hint = 'Keep it elsewhere, or write over it with --force.'
    throw new UserError({ where: join(folder, path), problem: 'it is there, and pilotlight did not write it', hint })
  }
}

/** Says of a folder in the making that it is whole. Another command may be about the same: its files come to their places first. */
async function renameToWhole(stage: string, folder: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await rename(stage, join(folder, WHOLE))
    } catch (error) {
      if (tries > 9 || !['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
      await moveWhole(folder)
    }
  }
}

/**
 * Moves what is whole to its places, and removes what was written before and is not in its list. Done again after a kill at
 * any step it does the rest: the list comes last.
 */
async function moveWhole(folder: string): Promise<void> {
  const whole = join(folder, WHOLE)
  // A link to another folder is none of ours: nothing is taken from there.
  const isOurs = await lstat(whole).then(
    (status) => status.isDirectory(),
    () => false,
  )
  const now: OwnFiles = isOurs ? await listIn(whole) : new Map()
  if (now.size === 0) return rm(whole, { recursive: true, force: true })
  for (const path of now.keys()) {
    if (!(await isThere(join(whole, path)))) continue
    await demandPlace(folder, path)
    await makeFolder(dirname(join(folder, path)))
    await moved(join(whole, path), join(folder, path))
  }
  for (const path of (await listIn(folder)).keys()) if (!now.has(path)) await rm(join(folder, path), { force: true })
  await moved(join(whole, LIST), join(folder, LIST))
  await syncFolder(folder)
  await rm(whole, { recursive: true, force: true })
}

/** Refuses a place under a folder that is a folder itself, lies in a file, or to which a link leads out. */
async function demandPlace(folder: string, path: string): Promise<void> {
  const place = join(folder, path)
  let round = dirname(place)
  while (!(await isThere(round))) round = dirname(round)
  const way = relative(await realpath(folder), await realpath(round))
  const refuse = (problem: string): never => {
    const hint = 'Move it away, or choose another place.'
    throw new UserError({ where: place, problem: `cannot be written: ${problem}`, hint })
  }
  if (isAbsolute(way) || way.split(sep)[0] === '..') refuse(`a link leads out of ${folder}`)
  if (!(await isFolder(round))) refuse(`${round} is a file, not a folder`)
  if (await isFolder(place)) refuse('it is a folder')
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => status.isDirectory(),
    () => false,
  )
}

/** Moves a file, unless another command has just done so. */
async function moved(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

async function isThere(folder: string): Promise<boolean> {
  return stat(folder).then(
    () => true,
    (error: unknown) => {
      if (isSystemError(error) && systemCode(error) === 'ENOENT') return false
      throw refused(folder, 'written', error, 'Choose another place.')
    },
  )
}

function inIt([first, ...others]: readonly string[]): string {
  return others.length === 0 ? `${first} in it` : `${first} and ${others.length} more in it`
}

/** The digests of files of ours, by path. */
type OwnFiles = Map<string, string>

/** What we wrote into a folder before; nothing where there is no list, or one that is not ours. */
async function listIn(folder: string): Promise<OwnFiles> {
  const text = (await contentOf(join(folder, LIST)))?.toString('utf8') ?? ''
  const files: OwnFiles = new Map()
  for (const line of text.split('\n')) {
    const [, digest, path] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? []
    // A list is a file like any other, and may have been written by somebody else.
    if (digest === undefined || path === undefined || isAbsolute(path) || normalize(path).startsWith('..')) continue
    files.set(path, digest)
  }
  return files
}

/** The bytes of a file; undefined where there is none, or a pipe, which would be waited for. */
async function contentOf(path: string): Promise<Buffer | undefined> {
  const status = await stat(path).catch(() => undefined)
  if (status?.isFile() === false) return undefined
  return readFile(path).catch((error: unknown) => {
    if (isSystemError(error) && ['ENOENT', 'ENOTDIR'].includes(systemCode(error))) return undefined
    throw refused(path, 'read', error)
  })
}

/** SHA-256 (hex) of a file, which may be larger than memory; undefined where there is none. */
async function digestOf(path: string): Promise<string | undefined> {
  try {
    return await fileDigest(path)
  } catch (error) {
    if (isSystemError(error) && ['ENOENT', 'ENOTDIR'].includes(systemCode(error))) return undefined
    throw refused(path, 'read', error)
  }
}
