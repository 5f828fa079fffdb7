import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { UserError } from '../../core/user-error.ts'
import type { SavedWindows } from '../../engine/app-lifecycle.ts'
import { makeFolder } from '../../files/folder.ts'
import { replaceFile } from '../../files/replace-file.ts'

/** What is kept of an app over a restart: its windows, and what the policy learnt of it. */
export interface SavedApp {
  readonly windows: SavedWindows | undefined
  readonly learnt: unknown
  /** When the policy wants to be asked again of it (ms of the fleet's clock); absent where it does not. */
  readonly asksAt?: number
}

/** What is kept of an adapter. */
export interface SavedState {
  readonly schema: 1
  /** The origin of the fleet's clock, in ms since 1970: times go on where they were. */
  readonly originMs: number
  /** The policy and its parameters: what another one learnt is of no use. */
  readonly policy: string
  readonly apps: Readonly<Record<string, SavedApp>>
  /** What the policy learnt across apps; absent where it learnt nothing of the kind. */
  readonly learnt?: unknown
}

const FOREVER = '@forever'

/** Writes it in place of the old one, readable by its owner only. A process that is killed meanwhile leaves the old one whole. */
export async function writeState(path: string, state: SavedState): Promise<void> {
  const text = JSON.stringify(state, (_key, value: unknown) => (value === Infinity ? FOREVER : value))
  await makeFolder(dirname(path))
  await replaceFile(path, async (file) => {
    await file.chmod(0o600)
    await file.writeFile(withChecksum(text))
  })
}

/** An object's JSON with a checksum over it as its last key: only the policy knows what it learnt, and it is given nothing else. */
export function withChecksum(json: string): string {
  return `${json.slice(0, -1)},"sha256":"${checksumOf(json)}"}`
}

function checksumOf(json: string): string {
  return createHash('sha256').update(json).digest('hex')
}

/** The JSON in front of a checksum, where that is right; undefined where it is not, or where there is none. */
function withoutChecksum(text: string): string | undefined {
  const [, before = '', checksum] = /^(.*),"sha256":"([\da-f]{64})"\}$/s.exec(text) ?? []
  const json = `${before}}`
  return checksum === checksumOf(json) ? json : undefined
}

/** Reads it; undefined when there is none. Throws a UserError for a file that is something else. */
export async function readState(path: string): Promise<SavedState | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new UserError({ where: path, problem: `the state cannot be read (${error.code})` })
  })
  if (text === undefined) return undefined
  const state = parsed(text)
  const hint = 'Delete the file, and the policy learns anew.'
  if (isState(state)) {
    const { sha256, ...rest } = state as SavedState & { readonly sha256?: unknown }
    if (withoutChecksum(text) !== undefined) return rest
    const problem =
      sha256 === undefined
        ? 'it has no checksum: an earlier version wrote it'
        : 'its content does not match its checksum: it was damaged, or changed by hand'
    throw new UserError({ where: path, problem, hint })
  }
  const { schema } = (state ?? {}) as { readonly schema?: unknown }
  if (typeof schema === 'number' && schema !== 1) {
    throw new UserError({ where: path, problem: `expected a state of version 1, found version ${schema}`, hint })
  }
  throw new UserError({ where: path, problem: 'expected the state of a pilotlight adapter, found another file', hint })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text, (_key, value: unknown) => (value === FOREVER ? Infinity : value))
  } catch {
    return undefined
  }
}

function isState(value: unknown): value is SavedState {
  if (!isRecord(value) || value['schema'] !== 1 || !isRecord(value['apps'])) return false
  const { originMs, policy, apps } = value
  const isFramed = Number.isFinite(originMs) && typeof policy === 'string'
  return (
    isFramed && Object.values(apps).every((app) => isRecord(app) && areWindows(app['windows']) && isTime(app['asksAt']))
  )
}

function isTime(value: unknown): boolean {
  return value === undefined || Number.isFinite(value)
}

function areWindows(value: unknown): boolean {
  if (value === undefined) return true
  if (!isRecord(value) || !Number.isFinite(value['idleAt'])) return false
  return ['loadAt', 'keepUntil', 'windowMs'].every((name) => typeof value[name] === 'number')
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
