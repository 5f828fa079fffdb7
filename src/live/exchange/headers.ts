import type { HeaderLines } from '../instance/contract.ts'

/** Headers that belong to a connection and not to what it carries (RFC 9110, section 7.6.1). */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

/** Whether a text may be the name of a header (RFC 9110, section 5.1). */
export function isToken(text: string): boolean {
  return TOKEN.test(text)
}

/** Whether a text of one byte a character may be the value of a header, but for space round it (RFC 9110, section 5.5). */
export function isValue(text: string): boolean {
  return VALUE.test(text)
}

/** The value of the first header of this name (in lower case); undefined where there is none. */
export function headerIn(lines: HeaderLines, name: string): string | undefined {
  for (let at = 0; at < lines.length; at += 2) {
    const other = lines[at]!
    if (other.length === name.length && other.toLowerCase() === name) return lines[at + 1]!
  }
  return undefined
}

/** The header lines without those whose names (in lower case) are dropped. */
export function without(lines: HeaderLines, isDropped: (name: string) => boolean): string[] {
  const kept: string[] = []
  for (let at = 0; at < lines.length; at += 2) {
    if (!isDropped(lines[at]!.toLowerCase())) kept.push(lines[at]!, lines[at + 1]!)
  }
  return kept
}

/** The header lines that are passed on: all but those of the connection, which include those that `Connection` names. */
export function endToEnd(lines: HeaderLines, isDropped: (name: string) => boolean = () => false): string[] {
  const connection = headerIn(lines, 'connection')
  const isPlain = connection === undefined || /^\s*(keep-alive|close)\s*$/i.test(connection)
  const named = isPlain ? [] : connectionOptions(lines)
  return without(lines, (name) => HOP_BY_HOP.has(name) || named.includes(name) || isDropped(name))
}

function connectionOptions(lines: HeaderLines): readonly string[] {
  const options: string[] = []
  for (let at = 0; at < lines.length; at += 2) {
    if (lines[at]!.toLowerCase() !== 'connection') continue
    for (const option of lines[at + 1]!.split(',')) options.push(option.trim().toLowerCase())
  }
  return options
}
