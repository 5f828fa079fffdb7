/** A word as the POSIX shell reads it back: in single quotes where it holds anything but plain letters. */
function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** A command as one line of a POSIX shell. */
export function shellLine(words: readonly string[]): string {
  return words.map(shellWord).join(' ')
}
