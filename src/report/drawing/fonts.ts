import { fileURLToPath } from 'node:url'

/** How resvg finds its letters. */
export interface FontOptions {
  readonly fontFiles: string[]
  readonly loadSystemFonts: boolean
  readonly defaultFontFamily: string
  readonly sansSerifFamily: string
}

const FAMILY = 'DejaVu Sans'
/** The files of the face that still pictures are drawn in. */
export const REGULAR_FONT = fileURLToPath(import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'))
export const BOLD_FONT = fileURLToPath(import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'))
/** Beyond the scripts from Latin to Arabic and general punctuation, a text may need fonts that only the system has. */
const BEYOND = /[\u0700-\u1DFF\u2E80-\uFFFD]|[\u{10000}-\u{10FFFF}]/u

/** Fonts for a picture: those of this package's own dependency, and the system's where the text goes beyond them. */
export function fontsFor(svg: string): FontOptions {
  return {
    fontFiles: [REGULAR_FONT, BOLD_FONT],
    loadSystemFonts: BEYOND.test(svg),
    defaultFontFamily: FAMILY,
    sansSerifFamily: FAMILY,
  }
}
