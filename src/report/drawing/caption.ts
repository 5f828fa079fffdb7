import { escapeXml } from './safe-html.ts'
import type { Fact } from '../comparison/provenance.ts'
import { textWidth } from './text-width.ts'

const FONT_SIZE = 9
const LINE = 13
const MARGIN = 12

/** An SVG picture on white with the facts in small print below it. */
export function captioned(svg: string, facts: readonly Fact[]): string {
  const [, width, height] = /<svg[^>]* width="([\d.]+)" height="([\d.]+)"/.exec(svg)!.map(Number)
  const text = facts.map(({ term, text }) => `${term}: ${text}`).join(' · ')
  const lines = wrapped(text, width! - 2 * MARGIN)
  const total = height! + lines.length * LINE + MARGIN
  const texts = lines.map(
    (line, row) => `<tspan x="${MARGIN}" y="${height! + (row + 0.6) * LINE}">${escapeXml(line)}</tspan>`,
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${total}" viewBox="0 0 ${width} ${total}">`,
    `<rect width="${width}" height="${total}" fill="white"/>`,
    svg,
    `<text font-family="system-ui, sans-serif" font-size="${FONT_SIZE}px" fill="#555">${texts.join('')}</text>`,
    '</svg>\n',
  ].join('\n')
}

/** A text in lines that fit a width in pixels, broken between words; a longer word is broken within. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = ['']
  const fits = (line: string): boolean => textWidth(line, FONT_SIZE) <= width
  for (const word of text.split(' ')) {
    const last = lines.at(-1)!
    const joined = last === '' ? word : `${last} ${word}`
    if (fits(joined)) lines[lines.length - 1] = joined
    else lines.push(...broken(word, fits))
  }
  return lines.filter((line) => line !== '')
}

function broken(word: string, fits: (line: string) => boolean): string[] {
  const pieces: string[] = ['']
  for (const letter of word) {
    const longer = pieces.at(-1)! + letter
    if (fits(longer)) pieces[pieces.length - 1] = longer
    else pieces.push(letter)
  }
  return pieces
}
