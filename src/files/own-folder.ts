import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, isAbsolute, join, normalize } from 'node:path'
import { UserError } from '../core/user-error.ts'
import { fileDigest } from './file-digest.ts'
import { makeFolder, namesIn } from './folder.ts'
import { type Content, replaceFile, syncFolder, writeWhole } from './replace-file.ts'
import { isSystemError, refused, systemCode } from './system-error.ts'
import { removeLeftovers, unfinishedBeside } from './unfinished.ts'

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
 * Writes files into a folder, none before all of them are whole on the disk. Throws a {@link UserError} for a folder
 * that {@link demandOwnFolder} refuses, and when the disk does not let us.
 */
export async function writeOwnFolder(
  folder: string,
  files: readonly FolderFile[],
  options: FolderOptions,
): Promise<void> {
  await demandOwnFolder(folder, options)
  await makeFolder(folder)
  await removeLeftovers(folder)
  const before = await listIn(folder)
  const stage = unfinishedBeside(join(folder, LIST))
  try {
    await mkdir(stage)
    const now = new Map(options.isAll === true ? [] : before)
    const during = new Map(before)
    for (const { path, content } of files) {
      await makeFolder(dirname(join(stage, path)))
      await writeWhole(join(stage, path), typeof content === 'string' ? [content] : content)
      const digest = (await digestOf(join(stage, path)))!
      now.set(path, [digest])
      during.set(path, [...(before.get(path) ?? []), digest])
    }
    // Whoever is killed from here on leaves files of then and of now, all of which are ours.
    await writeList(folder, during)
    for (const { path } of files) {
      await makeFolder(dirname(join(folder, path)))
      await rename(join(stage, path), join(folder, path))
    }
    for (const path of before.keys()) if (!now.has(path)) await rm(join(folder, path), { force: true })
    await writeList(folder, now)
    await syncFolder(folder)
  } catch (error) {
    throw refused(folder, 'written', error, 'Choose another place.')
  } finally {
    await rm(stage, { recursive: true, force: true }).catch(() => {})
  }
}

/**
 * Refuses a folder that is neither new nor empty nor written by {@link writeOwnFolder}, and one whose files were changed
 * since they were written, unless forced. To be called before long work, so that nobody waits for a refusal.
 */
export async function demandOwnFolder(folder: string, { force, isOurs = false }: FolderOptions): Promise<void> {
  if (force || !(await isThere(folder))) return
  const list = await listIn(folder)
  const names = (await namesIn(folder)).filter((name) => name !== LIST && !BESIDE.test(name))
  if (names.length > 0 && list.size === 0 && !isOurs) {
    const problem = `expected a new or empty folder, or one that pilotlight wrote, found ${inIt(names)}`
    throw new UserError({ where: folder, problem, hint: 'Choose another place, or write there with --force.' })
  }
  for (const [path, digests] of list) {
    const found = await digestOf(join(folder, path))
    if (found === undefined || digests.includes(found)) continue
    const hint = 'Keep it elsewhere, or write over it with --force.'
    throw new UserError({ where: join(folder, path), problem: 'it was changed since pilotlight wrote it', hint })
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

/** The digests that a file of ours may have, by path: of now, and of before while a folder is being written. */
type OwnFiles = Map<string, readonly string[]>

async function writeList(folder: string, files: OwnFiles): Promise<void> {
  const lines = [...files].flatMap(([path, digests]) => digests.map((digest) => `${digest}  ${path}\n`))
  await replaceFile(join(folder, LIST), [lines.join('')])
}

/** What we wrote into a folder before; nothing where there is no list, or one that is not ours. */
async function listIn(folder: string): Promise<OwnFiles> {
  const text = (await contentOf(join(folder, LIST)))?.toString('utf8') ?? ''
  const files: OwnFiles = new Map()
  for (const line of text.split('\n')) {
    const [, digest, path] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? []
    // A list is a file like any other, and may have been written by somebody else.
    if (digest === undefined || path === undefined || isAbsolute(path) || normalize(path).startsWith('..')) continue
    files.set(path, [...(files.get(path) ?? []), digest])
  }
  return files
}

/** The bytes of a file; undefined where there is none. */
async function contentOf(path: string): Promise<Buffer | undefined> {
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
