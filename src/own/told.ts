/**
 * What code of a user's own threw or gave, in one line: the message of an error, anything else as it would be written. Whatever it
 * is, this throws nothing.
 */
export function toldOf(thrown: unknown): string {
  try {
    const told = thrown instanceof Error ? thrown.message : writtenOf(thrown)
    return String(told).split('\n', 1)[0]!.replace(/\.$/, '')
  } catch {
    return 'something that cannot be shown'
  }
}

function writtenOf(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`
  // JSON has no NaN and no Infinity.
  if (typeof value === 'number') return String(value)
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return `something of type ${typeof value}`
  }
}
