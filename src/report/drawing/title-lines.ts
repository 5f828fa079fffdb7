import { textWidth } from './text-width.ts'

/** What is never parted: a word, or a Chinese letter with the marks around it. */
const PIECES = /\s|[（“]*\p{Script=Han}[，。、；：）”]*|(?:(?!\s|\p{Script=Han}).)+/gu

/** A title in as many lines as it takes to be no longer than its axis, broken between words or Chinese letters. */
export function titleLines(title: string, length: number, fontSize: number): string | string[] {
  const lines: string[] = []
  for (const piece of title.match(PIECES) ?? []) {
    const longer = (lines.at(-1) ?? '') + piece
    if (lines.length > 0 && textWidth(longer.trim(), fontSize) <= length) lines[lines.length - 1] = longer
    else lines.push(piece)
  }
  const trimmed = lines.map((line) => line.trim()).filter((line) => line !== '')
  return trimmed.length === 1 ? trimmed[0]! : trimmed
}
