import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { format } from 'node:util'
import { tellFailure } from '../../src/cli/failure.ts'

/** The command's source file. */
export const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

/** What a finished command left. */
export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Commands of one file of tests are run one after the other: they share the process and its current folder. */
let last: Promise<unknown> = Promise.resolve()

/**
 * Runs the command in a folder, in this process, which spares its start: two thirds of a second. All that `main.ts` does
 * besides is left to tests of {@link pilotlightApart}, and so are commands that end by signals, and those that load a
 * file of code again that was changed.
 */
export async function pilotlight(folder: string, ...words: readonly string[]): Promise<Finished> {
  const done = last.then(() => inProcess(folder, words))
  last = done.catch(() => undefined)
  return done
}

/** Runs the command in a folder as a process of its own. */
export async function pilotlightApart(folder: string, ...words: readonly string[]): Promise<Finished> {
  return finished(folder, process.execPath, [MAIN, ...words])
}

async function inProcess(folder: string, words: readonly string[]): Promise<Finished> {
  const { COMMANDS } = await import('../../src/cli/commands/index.ts')
  const { runTyped } = await import('../../src/cli/arguments/parse.ts')
  const before = { folder: process.cwd(), exitCode: process.exitCode }
  const [stdout, stderr] = [heard(process.stdout, 'log'), heard(process.stderr, 'error')]
  process.exitCode = undefined
  try {
    process.chdir(folder)
    await runTyped(words, COMMANDS)
  } catch (error) {
    process.exitCode = tellFailure(error)
  } finally {
    process.chdir(before.folder)
    stdout.end()
    stderr.end()
  }
  const code = Number(process.exitCode ?? 0)
  process.exitCode = before.exitCode
  return { code, stdout: stdout.text(), stderr: stderr.text() }
}

/** Listens to what is written to a stream, by itself or by the console, in place of whoever reads it. */
function heard(stream: NodeJS.WriteStream, method: 'log' | 'error') {
  let text = ''
  const { write } = stream
  const { [method]: tell } = console
  stream.write = ((bytes: string | Uint8Array, ...rest: unknown[]) => {
    text += typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('utf8')
    const written = rest.find((each) => typeof each === 'function') as (() => void) | undefined
    written?.()
    return true
  }) as typeof stream.write
  console[method] = (...values: unknown[]) => void (text += `${format(...values)}\n`)
  return {
    text: () => text,
    end: () => {
      stream.write = write
      console[method] = tell
    },
  }
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
