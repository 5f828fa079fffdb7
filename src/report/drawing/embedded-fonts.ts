import { readFile } from 'node:fs/promises'
import { fontSubset } from './font-subset.ts'
import { BOLD_FONT, FAMILY, furtherFont, furtherSubset, lettersOf, REGULAR_FONT } from './fonts.ts'

/** The face that pictures on a screen ask for: whatever the reader's system has. */
const SCREEN_FACE = 'font-family="system-ui, sans-serif"'

/**
 * An SVG document with its letters in it: the face as far as it is used, in the document itself, so that it looks the same
 * wherever it is read. `own` is the user's font file for letters that the face lacks.
 */
export async function withFonts(svg: string, own?: string): Promise<string> {
  const further = await furtherFont(svg, own)
  const letters = [...lettersOf(svg)].filter((letter) => further?.letters.has(letter) !== true)
  const isBold = /font-weight="(bold|[6-9]00)"/.test(svg)
  const faces = [
    faceRule(await fontSubset(await readFile(REGULAR_FONT), letters), 'font-weight:400'),
    ...(isBold ? [faceRule(await fontSubset(await readFile(BOLD_FONT), letters), 'font-weight:600 900')] : []),
    ...(further === undefined
      ? []
      : [faceRule(await furtherSubset(further), `font-weight:400 900;unicode-range:${ranges(further.letters)}`)]),
  ]
  const style = `<style>${faces.join('')}</style>`
  return svg
    .replaceAll(SCREEN_FACE, `font-family="'${FAMILY}', sans-serif"`)
    .replace(/<svg[^>]*>/, (tag) => tag + style)
}

function faceRule(font: Uint8Array, further: string): string {
  const data = Buffer.from(font).toString('base64')
  return `@font-face{font-family:'${FAMILY}';src:url(data:font/sfnt;base64,${data});${further}}`
}

function ranges(letters: ReadonlySet<number>): string {
  return [...letters].map((letter) => `U+${letter.toString(16).toUpperCase()}`).join(',')
}
