import { UserError } from '../../core/user-error.ts'
import { ORIGINS, type Origin } from '../../trace/build/event-time.ts'
import type { Flag } from './command.ts'

/** What becomes time 0 of a trace of single events. */
export const ORIGIN_FLAG: Flag = {
  describe: 'Time 0 of single events: first (arrival), midnight (before it) or zero (as the times are).',
  takes: 'name',
}

/** What the flag says. */
export function originOf(text: string | undefined): { readonly origin?: Origin } {
  if (text === undefined) return {}
  const origin = ORIGINS.find((each) => each === text)
  if (origin !== undefined) return { origin }
  const problem = `expected ${ORIGINS.join(', ')}, found ${JSON.stringify(text)}`
  throw new UserError({ where: '--origin', problem })
}
