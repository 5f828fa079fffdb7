import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { UserError } from '../../core/user-error.ts'
import type { Archive } from '../catalogue/archive.ts'

/** Unpacks an archive in its folder, or says how to; gives the sentence to print. Runs no shell. */
export async function unpackArchive({ file, unpack, unpacks, holds }: Archive, folder: string): Promise<string> {
  const command = `cd ${folder} && ${unpack.join(' ')}`
  const known = holds === undefined ? '' : `\nUnpacked, ${holds.file} has the SHA-256 ${holds.sha256}.`
  if (!unpacks) return `${join(folder, file)} is there. Unpack it with: ${command}${known}`
  const [program, ...args] = unpack
  const problem = await outcomeOf(program, args, folder)
  if (problem === undefined) return `${join(folder, file)} is unpacked. See: pilotlight trace ${folder}`
  throw new UserError({ where: join(folder, file), problem, hint: `Unpack it with: ${command}` })
}

/** What went wrong, or undefined. */
async function outcomeOf(program: string, args: readonly string[], folder: string): Promise<string | undefined> {
  const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-400)))
  try {
    const [code] = (await once(child, 'close')) as [number | null]
    if (code === 0) return undefined
    return `${program} could not unpack it: ${said.trim().split('\n')[0]?.replace(/\.$/, '') ?? `exit code ${code}`}`
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return `there is no ${program} here to unpack it`
    throw error
  }
}
