/** Control characters, line separators, what XML forbids, and marks that turn the direction of writing. */
// oxlint-disable-next-line no-control-regex -- these are the characters to be shown instead of sent
const CONTROL = /[\u0000-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069\uFFFE\uFFFF]/g

/** The same but line ends, tabs and colours (https://www.ecma-international.org/publications-and-standards/standards/ecma-48/, SGR). */
const UNSAFE =
  // oxlint-disable-next-line no-control-regex -- as above
  /(?!\u001B\[[\d;]*m)[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069\uFFFE\uFFFF]/g

/** A text with control characters spelt out as `\u001b`: harmless in a terminal, and allowed in XML. */
export function printableText(text: string): string {
  return text.toWellFormed().replaceAll(CONTROL, speltOut)
}

/** Text of several lines for a terminal, which keeps its lines, tabs and colours and nothing else that steers one. */
export function printableLines(text: string): string {
  return text.toWellFormed().replaceAll(UNSAFE, speltOut)
}

function speltOut(character: string): string {
  return String.raw`\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** A plain value, such as a comparison, with every text in it printable. */
export function printable<T>(value: T): T {
  return mapped(value) as T
}

function mapped(value: unknown): unknown {
  if (typeof value === 'string') return printableText(value)
  if (Array.isArray(value)) return value.map((part) => mapped(part))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [printableText(key), mapped(part)]))
}
