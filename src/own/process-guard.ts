import { stackPlace } from './stack-place.ts'

/** What code of a user's own must not do to a process: it would end it, or have every later path lead elsewhere. */
const REFUSED = {
  exit: 'it ends the process',
  reallyExit: 'it ends the process',
  abort: 'it ends the process',
  kill: 'it sends signals to processes',
  chdir: 'it changes the folder of the process',
} as const

/**
 * Has `process` refuse what would end or move it, wherever `isTheirs` says that the caller is code of a user's own, and
 * sends to stderr what that code prints, because stdout holds results. Gives what puts all back.
 */
export function guardProcess(isTheirs: () => boolean = isCodeOfNobodyElse): () => void {
  const before: Record<string, unknown> = {}
  const own = process as unknown as Record<string, unknown>
  for (const [name, problem] of Object.entries(REFUSED)) {
    const method = own[name] as (...given: unknown[]) => unknown
    before[name] = method
    own[name] = (...given: unknown[]): unknown => {
      if (isTheirs()) throw new Error(problem)
      return method.apply(process, given)
    }
  }
  const { exitCode, stdout } = process
  const write = stdout.write
  stdout.write = ((...given: Parameters<typeof write>) =>
    isTheirs() ? process.stderr.write(...given) : write.apply(stdout, given)) as typeof write
  return () => {
    Object.assign(own, before)
    stdout.write = write
    process.exitCode = exitCode
  }
}

/** Whether code is at work that is neither ours nor Node's nor of a package: Node itself ends a thread after an error. */
function isCodeOfNobodyElse(): boolean {
  return stackPlace('', new Error('where')) !== ''
}
