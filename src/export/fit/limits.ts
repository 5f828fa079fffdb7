import { UserError } from '../../core/user-error.ts'

/** Throws a UserError where a plan needs more of something than a platform takes: `things` as in "scheduled actions". */
export function demandAtMost(most: number, found: number, things: string, where: string): void {
  if (found <= most) return
  throw new UserError({
    where,
    problem: `the plan is too large: expected at most ${most} ${things}, found ${found}`,
    hint: 'Export anew from a run, which keeps to the limit, or leave apps out with the mapping file.',
  })
}
