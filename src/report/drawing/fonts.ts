import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { UserError } from '../../core/user-error.ts'
import { readBytes } from '../../files/read-text.ts'
import { fontSubset } from './font-subset.ts'
import { systemFonts } from './system-fonts.ts'
import { tagsOf } from './svg-tags.ts'

/** The face that still pictures are drawn in, and its files. */
export const FAMILY = 'DejaVu Sans'
export const REGULAR_FONT = fileURLToPath(import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'))
export const BOLD_FONT = fileURLToPath(import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'))

/** A font of all scripts has some 40 MB. */
const MOST_BYTES = 100_000_000

/** Beyond the scripts from Latin to Arabic and general punctuation, which the face has whole, it may lack letters. */
const BEYOND = /[\u0700-\u1DFF\u2E80-\uFFFD]|[\u{10000}-\u{10FFFF}]/u

/** A font file that has the letters which the face of pictures lacks. */
export interface FurtherFont {
  readonly path: string
  /** The letters that are taken from it, as code points. */
  readonly letters: ReadonlySet<number>
}

/** The letters of a picture, as code points. */
export function lettersOf(svg: string): ReadonlySet<number> {
  const texts = tagsOf(svg).flatMap((tag) => (tag.kind === 'text' ? [tag.text] : []))
  return new Set([...texts.join('').replaceAll(/\s/g, ' ')].map((letter) => letter.codePointAt(0)!))
}

/**
 * Where the letters are that the face of pictures lacks: in the user's own font file, or else in a font of the system;
 * undefined where it lacks none. Throws a UserError where no such font has them all: a picture has no boxes for letters.
 */
export async function furtherFont(svg: string, own?: string): Promise<FurtherFont | undefined> {
  const unsure = [...lettersOf(svg)].filter((letter) => BEYOND.test(String.fromCodePoint(letter)))
  if (unsure.length === 0) return undefined
  const has = new Set(await letterCodes(REGULAR_FONT))
  const letters = new Set(unsure.filter((letter) => !has.has(letter)))
  if (letters.size === 0) return undefined
  const candidates = own === undefined ? await systemFonts() : [own]
  for (const path of candidates) {
    const codes = new Set(await letterCodes(path))
    if ([...letters].every((letter) => codes.has(letter))) return { path, letters }
  }
  const shown = [...letters].slice(0, 8).map((letter) => String.fromCodePoint(letter))
  const where = own ?? 'the fonts of the system'
  throw new UserError({
    where: own === undefined ? 'picture' : '--font',
    problem: `no font was found with the letters ${shown.join(' ')}${letters.size > 8 ? ' …' : ''}: looked in ${where}`,
    hint: 'Name a font file that has them (--font NotoSansCJK-Regular.ttc), install one (Debian: fonts-noto-cjk), or write html or svg, which take the fonts of whoever reads.',
  })
}

/** The code points that a font has, or the first of several in its file; none where the file is no font. */
async function letterCodes(path: string): Promise<readonly number[]> {
  const { Blob, Face } = await import('harfbuzzjs')
  const bytes = await readBytes(path, { what: 'a font (.ttf, .otf, .ttc)', where: '--font', mostBytes: MOST_BYTES })
  return [...new Face(new Blob(bytes)).collectUnicodes()]
}

/** Throws a UserError for a file that is no font, whether its letters are needed or not. */
export async function demandFont(path: string): Promise<void> {
  if ((await letterCodes(path)).length > 0) return
  throw new UserError({ where: '--font', problem: `expected a font (.ttf, .otf, .ttc), found ${path}, which is none` })
}

/** The further font as a font of its letters only. */
export async function furtherSubset({ path, letters }: FurtherFont): Promise<Uint8Array> {
  return await fontSubset(await readFile(path), letters)
}
