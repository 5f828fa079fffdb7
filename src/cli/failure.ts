import { UserError } from '../core/user-error.ts'
import { unexplained } from '../files/system-error.ts'
import { say } from './terminal/output.ts'

/** Says what went wrong and gives the exit code: 2 for what the user can fix, 1 for a bug. */
export function tellFailure(thrown: unknown): number {
  const error = unexplained(thrown)
  if (error instanceof UserError) {
    say(error.message)
    return 2
  }
  console.error(error)
  console.error('This is a bug in pilotlight. Please report it with the lines above.')
  return 1
}
