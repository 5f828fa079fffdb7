import { UserError } from '../../core/user-error.ts'

/** The whole number that a flag was given, or `standard` when it was not. Throws a UserError for anything else. */
export function wholeNumber(flag: string, text: string | undefined, least: number, standard: number): number {
  if (text === undefined) return standard
  const value = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value
  throw new UserError({
    where: `--${flag}`,
    problem: `expected a whole number of at least ${least}, found ${JSON.stringify(text)}`,
  })
}
