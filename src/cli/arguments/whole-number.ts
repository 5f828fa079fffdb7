import { UserError } from '../../core/user-error.ts'

/**
 * The whole number from `least` to `most` that a flag was given, or `standard` when it was not. Throws a UserError for
 * anything else.
 */
export function wholeNumber(
  flag: string,
  text: string | undefined,
  least: number,
  standard: number,
  most = Number.MAX_SAFE_INTEGER,
): number {
  if (text === undefined) return standard
  const value = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least && value <= most) return value
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`
  throw new UserError({
    where: `--${flag}`,
    problem: `expected a whole number ${range}, found ${JSON.stringify(text)}`,
  })
}
