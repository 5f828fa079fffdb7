import { nearest } from '../../core/registry.ts'
import { UserError } from '../../core/user-error.ts'

/** The choice that a flag was given; undefined when it was not. Throws a UserError for anything else. */
export function choiceFlag<T extends string>(
  flag: string,
  text: string | undefined,
  choices: readonly T[],
): T | undefined {
  if (text === undefined) return undefined
  const found = choices.find((each) => each === text)
  if (found !== undefined) return found
  const near = nearest(text, choices)
  throw new UserError({
    where: `--${flag}`,
    problem: `expected ${choices.join(', ').replace(/, ([^,]*)$/, ' or $1')}, found ${JSON.stringify(text)}`,
    ...(near === undefined ? {} : { hint: `Did you mean "${near}"?` }),
  })
}
