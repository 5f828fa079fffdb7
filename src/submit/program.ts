import { execFile } from 'node:child_process'
import { UserError } from '../core/user-error.ts'

/** How long a command of an engine may take, and how much it may print. */
const LIMITS = { timeout: 60_000, maxBuffer: 16 * 1024 * 1024, encoding: 'utf8' } as const

/** What a program of an engine prints. It is started without a shell. Throws a UserError where it is missing or fails. */
export function printed(program: string, words: readonly string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, words, LIMITS, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout)
      const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
      const said = stderr.trim().slice(0, 2000) || error.message.slice(0, 2000)
      reject(
        new UserError({
          where: [program, ...words.slice(0, 2)].join(' '),
          problem: isMissing ? 'there is no such program on this machine' : `it failed: ${said.replace(/\.$/, '')}`,
          hint: isMissing
            ? 'Run pilotlight submit where the engine’s own command is, or with --files-only and submit the files there.'
            : 'The files of the job are written. You can submit them by hand.',
        }),
      )
    })
    // Where a program ends before it has read its input, its exit code tells.
    child.stdin?.on('error', () => {})
    child.stdin?.end(input)
  })
}
