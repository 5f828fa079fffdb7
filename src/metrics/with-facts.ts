/**
 * A run with other facts, in place of a spread, which would read the accounts of every app of each run into memory: what is
 * read only when it is asked for stays so.
 */
export function withFacts<R extends object, F extends object>(run: R, facts: F): Omit<R, keyof F> & F {
  const properties = { ...Object.getOwnPropertyDescriptors(run), ...Object.getOwnPropertyDescriptors(facts) }
  return Object.defineProperties({}, properties) as Omit<R, keyof F> & F
}
