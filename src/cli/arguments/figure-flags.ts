import { UserError } from '../../core/user-error.ts'
import type { FigureRequest } from '../../report/renderer.ts'
import type { Arguments, Flag } from './command.ts'

/** Points a unit of length. */
const UNITS: Readonly<Record<string, number>> = { mm: 72 / 25.4, cm: 72 / 2.54, in: 72, pt: 1 }

/** Letters of another size cannot be read, or leave no room. */
const FONT_SIZES = [4, 24] as const
/** Figures of another width are none, in points: 3 cm to 1 m. */
const WIDTHS = [85, 2835] as const
/** A column of a paper of two columns, and the letters that it asks for. */
const COLUMN = { width: 84 * (72 / 25.4), fontSize: 8 } as const

const STYLES = ['screen', 'paper'] as const

/** The flags of pictures; `charts` offers their ids. */
export function figureFlags(charts: () => Promise<readonly string[]>): Readonly<Record<string, Flag>> {
  return {
    figure: {
      describe: 'Draw these charts only. See pilotlight list charts.',
      takes: 'ids',
      completes: charts,
      isList: true,
    },
    style: {
      describe: 'screen (the default) or paper: no title, and caption, BibTeX and data beside it.',
      takes: 'screen|paper',
    },
    width: {
      describe: 'The width of a figure for a paper, as in 84mm, 3.3in or 240pt; by default 84mm.',
      takes: 'length',
    },
    'font-size': { describe: 'The size of its letters in points; by default 8.', takes: 'points' },
    grey: { describe: 'Draw pictures without colours.' },
    'embed-fonts': { describe: 'Put the letters of an SVG into the file. The style paper and PDF always do.' },
    font: {
      describe: 'A font for letters that DejaVu Sans lacks, such as Chinese; by default one of the system.',
      takes: 'file',
    },
  }
}

/** What the flags ask for. Throws a UserError where one is not what it should be. */
export function figureRequest(args: Arguments): FigureRequest {
  const ids = args
    .text('figure')
    ?.split(',')
    .map((id) => id.trim())
  const style = args.text('style')
  const font = args.text('font')
  if (style !== undefined && !STYLES.some((known) => known === style)) {
    throw new UserError({ where: '--style', problem: `expected screen or paper, found ${JSON.stringify(style)}` })
  }
  const [width, fontSize] = [lengthOf(args.text('width')), fontSizeOf(args.text('font-size'))]
  const isSized = width !== undefined || fontSize !== undefined
  if (style === 'screen' && isSized) {
    throw new UserError({ where: '--style', problem: 'a width and a font size are for the style paper' })
  }
  return {
    ...(ids === undefined ? {} : { ids: [...new Set(ids)] }),
    ...(style === 'paper' || isSized
      ? { paper: { width: width ?? COLUMN.width, fontSize: fontSize ?? COLUMN.fontSize } }
      : {}),
    isGrey: args.on('grey'),
    ...(args.on('embed-fonts') ? { embedsFonts: true } : {}),
    ...(font === undefined ? {} : { font }),
  }
}

function lengthOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)(mm|cm|in|pt)$/.exec(text.trim()) ?? []
  const points = Number(digits) * (UNITS[unit] ?? Number.NaN)
  if (points >= WIDTHS[0] && points <= WIDTHS[1]) return points
  const problem = `expected a length from 30mm to 1000mm, as in 84mm, 3.3in or 240pt, found ${JSON.stringify(text)}`
  throw new UserError({ where: '--width', problem })
}

function fontSizeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const points = /^\d+(?:\.\d+)?(?:pt)?$/.test(text.trim()) ? Number.parseFloat(text) : Number.NaN
  if (points >= FONT_SIZES[0] && points <= FONT_SIZES[1]) return points
  const problem = `expected points from ${FONT_SIZES.join(' to ')}, found ${JSON.stringify(text)}`
  throw new UserError({ where: '--font-size', problem })
}
