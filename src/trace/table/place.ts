/** Where something stands in a file: `file:line`, or `file:line:column` with the number of the field, both from 1. */
export function placeOf(path: string, line: number, column?: number): string {
  return column === undefined ? `${path}:${line}` : `${path}:${line}:${column}`
}

const SHOWN = 40

/** A text as an error shows it: in quotes, cut when it is long, control characters as they are escaped. */
export function shown(text: string, most = SHOWN): string {
  const cut = JSON.stringify(text.length <= most ? text : `${text.slice(0, most)}…`)
  return cut.replaceAll(
    /[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
