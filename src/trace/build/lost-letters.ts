import type { Defect } from './join-report.ts'

/** What reading UTF-8 puts in the place of bytes that are none. */
const LOST = '\uFFFD'
const EXAMPLES = 3

/**
 * The defect of names with letters that are lost, of whatever format; none where all are whole. A file in another encoding
 * gives such names, and those that differ in these letters alone have become one.
 */
export function lostLetters(count: number, nameOf: (row: number) => string): readonly Defect[] {
  const lost = Array.from({ length: count }, (_, row) => row).filter((row) => nameOf(row).includes(LOST))
  if (lost.length === 0) return []
  return [
    {
      id: 'letters-lost',
      found: 'functions whose names, or those of their apps, are not UTF-8',
      rule: 'Each letter that is not becomes a mark, and names that differ in such letters alone are one. Turn the file into UTF-8: iconv -f windows-1252 -t utf-8, if it is from Windows.',
      count: lost.length,
      warns: true,
      examples: lost.slice(0, EXAMPLES).map(nameOf),
    },
  ]
}
