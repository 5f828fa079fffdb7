import { existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { UserError } from '../../src/core/user-error.ts'
import type { FuzzClass } from './classes.ts'
import { mixedSource } from './mixed-source.ts'

/** An input of this size that takes longer hangs. */
const LONGEST_MS = 20_000

/** What came of the inputs of a class. */
export interface Outcomes {
  readonly tried: number
  /** Refused with a place, in words for the user. */
  readonly refused: number
  readonly right: number
  /** The first few inputs, with what was thrown. */
  readonly crashed: readonly string[]
  readonly hung: readonly string[]
}

/** Tries so many inputs of a class, the same for the same seed. */
export async function fuzz(kind: FuzzClass, tries: number, seed: number): Promise<Outcomes> {
  const source = mixedSource(seed)
  const folder = mkdtempSync(join(tmpdir(), 'pilotlight-fuzz-'))
  const crashed: string[] = []
  const hung: string[] = []
  let refused = 0
  let right = 0
  try {
    for (let turn = 0; turn < tries; turn += 1) {
      const input = kind.make(source)
      const began = performance.now()
      const problem = await outcomeOf(kind, input, folder)
      if (performance.now() - began > LONGEST_MS) hung.push(shown(input))
      else if (problem === 'refused') refused += 1
      else if (problem === undefined) right += 1
      else crashed.push(`${problem}\nfor ${shown(input)}`)
    }
    crashed.push(...leftOpen(folder).map((path) => `${path} was left open`))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return { tried: tries, refused, right, crashed: crashed.slice(0, 5), hung: hung.slice(0, 5) }
}

async function outcomeOf(kind: FuzzClass, input: string | Buffer, folder: string): Promise<string | undefined> {
  try {
    await kind.take(input, folder)
    return undefined
  } catch (error) {
    if (error instanceof UserError && error.complaint.where !== '' && error.message.length < 3000) return 'refused'
    return error instanceof Error ? (error.stack ?? error.message) : String(error)
  }
}

/** Files in a folder that this process still has open, where the system tells. */
function leftOpen(folder: string): string[] {
  if (!existsSync('/proc/self/fd')) return []
  const open = readdirSync('/proc/self/fd').flatMap((name) => {
    try {
      return [readlinkSync(join('/proc/self/fd', name))]
    } catch {
      return []
    }
  })
  return open.filter((path) => path.startsWith(folder))
}

function shown(input: string | Buffer): string {
  return JSON.stringify(String(input).slice(0, 3000))
}
