/** Control characters, and those that turn the direction of the text that follows them. */
// oxlint-disable-next-line no-control-regex -- these are the characters to be shown instead of sent
const CONTROL = /[\u0000-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069\uFFFE\uFFFF]/g

/** A text with control characters spelt out as `\u001b`: harmless in a terminal, and allowed in XML. */
export function printableText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(CONTROL, (character) => String.raw`\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** Lines with every other control character spelt out. */
export function printableLines(text: string): string {
  return text.split('\n').map(printableText).join('\n')
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
