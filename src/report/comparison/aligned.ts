import stringWidth from 'string-width'

/** The columns that a text takes in a terminal: two per Chinese, Japanese or Korean letter, none per combining mark. */
export function displayWidth(text: string): number {
  return stringWidth(text)
}

/** A text with spaces after it, up to a width in columns. */
export function toLeft(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)))
}

/** A text with spaces before it, up to a width in columns. */
export function toRight(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - displayWidth(text))) + text
}
