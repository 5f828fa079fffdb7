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

/** The header lines that go on with a message: not those of its connection, among them those that `Connection` names. */
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
