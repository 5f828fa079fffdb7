/** Where something stands in a file: `file:line`, or `file:line:column` with the number of the field, both from 1. */
export function placeOf(path: string, line: number, column?: number): string {
  return column === undefined ? `${path}:${line}` : `${path}:${line}:${column}`
}

const SHOWN = 40

/** A text as an error shows it: in quotes, cut when it is long. */
export function shown(text: string): string {
  return JSON.stringify(text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`)
}
