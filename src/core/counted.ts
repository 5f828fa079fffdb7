/**
 * A count before what it counts, as in `1 app` and `2 apps`.
 *
 * @param count The number, or the text in which it is shown.
 * @param several What several are called, where that is more than the one with an s.
 */
export function counted(count: number | string, one: string, several = `${one}s`): string {
  return `${count} ${agreeing(count, one, several)}`
}

/** The word that goes with a count: a noun after it, or a verb. */
export function agreeing(count: number | string, one: string, several: string): string {
  return String(count) === '1' ? one : several
}
