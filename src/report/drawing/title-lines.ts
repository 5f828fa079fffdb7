import { textWidth } from './text-width.ts'

/** A title in as many lines as it takes to be no longer than its axis, broken between words. */
export function titleLines(title: string, length: number, fontSize: number): string | string[] {
  const lines: string[] = []
  for (const word of title.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`
    if (lines.length > 0 && textWidth(longer, fontSize) <= length) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines.length === 1 ? lines[0]! : lines
}
