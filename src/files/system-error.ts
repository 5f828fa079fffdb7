import { constants } from 'node:os'
import { getSystemErrorMap } from 'node:util'
import { UserError } from '../core/user-error.ts'

/** What an error of the system means for whoever named the path. Others are told in the system's own words. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'this user has no permission',
  EPERM: 'this user has no permission',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'there is something of that name',
  ENOTEMPTY: 'the folder is not empty',
  ENAMETOOLONG: 'the name is too long for the file system',
  ELOOP: 'its symbolic links lead round in a circle',
  EFBIG: 'the file would be larger than the system allows',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of this user is used up',
  EROFS: 'the file system is read-only',
  EIO: 'the disk reports a fault',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  ENOMEM: 'there is not enough memory',
  EBUSY: 'something else is using it',
  ETXTBSY: 'something else is using it',
  EXDEV: 'it lies on two file systems',
  ESTALE: 'the network file system has lost it',
  EPIPE: 'whoever read it has gone',
  ENXIO: 'it is a device or a pipe with nobody at the other end',
  ENODEV: 'it is a device that is not there',
  EINVAL: 'the file system does not allow it',
}

/** Errors that only a mistake of the program itself can cause. */
const OURS = new Set(['EBADF', 'EFAULT', 'ENOTSOCK', 'EISCONN', 'EDESTADDRREQ'])

/** What was being done to a path. */
type Deed = 'read' | 'written'

/** An error of the operating system, as Node throws it. */
export interface SystemError extends Error {
  readonly errno: number
  readonly syscall: string
  readonly path?: string
}

/** Whether an error is one of the operating system that a user can fix, and none that our own mistakes cause. */
export function isSystemError(error: unknown): error is SystemError {
  if (!(error instanceof Error && 'syscall' in error && 'errno' in error)) return false
  return typeof error.errno === 'number' && !OURS.has(systemCode(error as SystemError))
}

/** The name of an error of the system, as in `ENOSPC`; Node itself knows not all of them. */
export function systemCode({ errno }: SystemError): string {
  const known = getSystemErrorMap().get(errno)?.[0]
  return known ?? Object.entries(constants.errno).find(([, value]) => value === -errno)?.[0] ?? `error ${-errno}`
}

/** Why the system refused, as the rest of a sentence after a colon: `the disk is full (ENOSPC)`. */
export function systemReason(error: SystemError): string {
  const code = systemCode(error)
  return `${REASONS[code] ?? getSystemErrorMap().get(error.errno)?.[1] ?? 'the system refused'} (${code})`
}

/** Why a path was refused, by the system or before it was asked; undefined for any other error. */
function reasonOf(error: unknown): string | undefined {
  if (isSystemError(error)) return systemReason(error)
  return isNulError(error) ? NUL : undefined
}

const NUL = 'no path holds the character NUL'

/** Whether Node refused a path with the character NUL in it, which YAML can name. */
export function isNulError(error: unknown): boolean {
  const isOfNode = error instanceof TypeError && (error as NodeJS.ErrnoException).code === 'ERR_INVALID_ARG_VALUE'
  return isOfNode && error.message.includes('without null bytes')
}

/** The complaint about an error of the system at a path; any other error as it is. */
export function refused(path: string, deed: Deed, error: unknown, hint?: string): unknown {
  const reason = reasonOf(error)
  if (reason === undefined) return error
  const problem = `cannot be ${deed}: ${reason}`
  return new UserError({ where: path, problem, ...(hint === undefined ? {} : { hint }) })
}

/** The complaint about an error of the system that nobody nearer to it explained; any other error as it is. */
export function unexplained(error: unknown): unknown {
  if (isNulError(error)) return new UserError({ where: 'a path', problem: NUL })
  if (!isSystemError(error)) return error
  const { syscall, path } = error
  if (syscall === 'uv_cwd') {
    const hint = 'Change to another folder and run the command again.'
    return new UserError({ where: 'the current folder', problem: 'it has been removed', hint })
  }
  return new UserError({ where: path ?? syscall, problem: systemReason(error) })
}
