import { UserError } from '../../core/user-error.ts'

/** The complaint about a compiled trace that no pilotlight wrote: what it has for the cells of a function is none. */
export function noCells(
  { id }: { readonly id: string },
  row: number,
  what: 'function' | 'app' = 'function',
): UserError {
  const problem = `it is no compiled trace: what it holds for ${what} ${row} is no cells`
  return new UserError({ where: id, problem, hint: 'Import the trace again from its source.' })
}
