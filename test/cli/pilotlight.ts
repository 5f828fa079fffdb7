import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** The command's source file. */
export const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

/** What a finished command left. */
export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the command in a folder as a process of its own. */
export async function pilotlight(folder: string, ...words: readonly string[]): Promise<Finished> {
  return finished(folder, process.execPath, [MAIN, ...words])
}

/** Runs a program in a folder. */
export async function finished(
  folder: string,
  program: string,
  words: readonly string[],
  environment = process.env,
): Promise<Finished> {
  const child = spawn(program, words, { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, stderr }
}
