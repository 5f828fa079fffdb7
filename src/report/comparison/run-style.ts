import { largest } from '../../core/largest.ts'
import type { RunSummary } from '../../metrics/comparison.ts'
import type { FigureStyle } from '../figure-style.ts'
import { oklch } from '../drawing/oklch.ts'
import { textWidth } from '../drawing/text-width.ts'

/** What the mark of a run, or of a line of runs, is chosen by. */
export interface Marked {
  readonly label: string
  readonly policy: string
  /** What it differs in from others of its policy in the same world: its parameters, and its seed. */
  readonly variant: string
  /** The model and the judged part. */
  readonly world: string
}

/** How a run is drawn, the same in every chart. */
export interface RunStyle {
  readonly colour: string
  /** A shape that vega knows. */
  readonly shape: (typeof SHAPES)[number]
  readonly dash: readonly number[]
}

/**
 * Hues in degrees (OKLCH) that readers with any common colour blindness tell apart at one lightness: those of Okabe and
 * Ito, "Color Universal Design", 2008, without its black and its yellow, which vanish on dark and on light paper.
 */
const HUES = [245, 45, 163, 345, 75, 300, 200] as const
/** From here on, hues come between those before: this angle never meets one of them again. */
const GOLDEN_ANGLE = 137.508
const CHROMA = 0.14
/** Lighter marks vanish on white paper, darker ones on black. */
const DARKEST = 0.46
const LIGHTEST = 0.76
const MIDDLE = 0.56
/** More marks of one hue are not told apart by their lightness alone. */
const MOST_SHADES = 8
const GREY = { darkest: 0.2, lightest: 0.72 } as const

const SHAPES = ['circle', 'square', 'triangle-up', 'diamond', 'cross', 'triangle-down'] as const
const DASHES = [
  [1, 0],
  [7, 3],
  [2, 2],
  [8, 3, 2, 3],
  [12, 4],
  [4, 2, 1, 2],
] as const
/** The mark of a legend's entry and the gaps around it, in pixels. */
const ENTRY = 48

/** What the mark of a run is chosen by. */
export function marked({ label, policy, variant, seed, model, judged }: RunSummary): Marked {
  const world = JSON.stringify([model, judged], (_key, part: unknown) =>
    typeof part === 'number' && !Number.isFinite(part) ? String(part) : part,
  )
  return { label, policy, variant: `${variant} ${seed}`, world }
}

/**
 * The mark of each: its hue is its policy, its lightness its place among the parameters of the policy, and its shape or
 * dash its world; no two are alike. Where there is one world, the dash goes with the lightness: lines of one hue that cross
 * are told apart by more than their shade; and so does the shape of a policy with more shades than eyes tell apart. In grey,
 * shape and dash are the policy and lightness is all the rest.
 */
export function runMarks(list: readonly Marked[], isGrey = false): readonly RunStyle[] {
  const policies = positions(list.map(({ policy }) => policy))
  const worlds = positions(list.map(({ world }) => world))
  const form = (of: Marked): number => (isGrey ? policies.get(of.policy)! : worlds.get(of.world)!)
  // Lightness parts the runs of one policy; where shapes begin anew also those that share one. In grey, all of one shape.
  const group = (of: Marked): string => (isGrey ? String(form(of) % SHAPES.length) : of.policy)
  const shade = (of: Marked): string =>
    JSON.stringify([of.variant, isGrey ? of.world : '', Math.floor(form(of) / SHAPES.length)])
  const shades = new Map(
    [...Map.groupBy(list, group)].map(([key, members]) => [key, positions(members.map((member) => shade(member)))]),
  )
  return list.map((of) => {
    const all = shades.get(group(of))!
    const place = all.size === 1 ? 0.5 : all.get(shade(of))! / (all.size - 1)
    const index = form(of) % SHAPES.length
    const colour = isGrey ? greyOf(place) : colourOf(policies.get(of.policy)!, all.size === 1 ? undefined : place)
    const isFree = worlds.size === 1 && !isGrey
    const turn = all.get(shade(of))!
    const dash = isFree ? turn % DASHES.length : index
    const shape = isFree && all.size > MOST_SHADES ? turn % SHAPES.length : index
    return { colour, shape: SHAPES[shape]!, dash: DASHES[dash]! }
  })
}

function colourOf(policy: number, place: number | undefined): string {
  const lightness = place === undefined ? MIDDLE : DARKEST + place * (LIGHTEST - DARKEST)
  const hue = HUES[policy] ?? (HUES[0] + GOLDEN_ANGLE * (policy - HUES.length + 0.37)) % 360
  return oklch(lightness, CHROMA, hue)
}

function greyOf(place: number): string {
  return oklch(GREY.darkest + place * (GREY.lightest - GREY.darkest), 0, 0)
}

/** The position of each text among the different ones, in the order in which they come. */
function positions(texts: readonly string[]): ReadonlyMap<string, number> {
  return new Map([...new Set(texts)].map((text, index) => [text, index]))
}

/** The marks as the scales of a chart whose field is the label. */
export function runStyles(list: readonly Marked[], { isGrey }: Pick<FigureStyle, 'isGrey'>) {
  const marks = runMarks(list, isGrey)
  const domain = list.map(({ label }) => label)
  return {
    colours: { domain, range: marks.map(({ colour }) => colour) },
    dashes: { domain, range: marks.map(({ dash }) => [...dash]) },
    shapes: { domain, range: marks.map(({ shape }) => shape) },
  }
}

/** A legend of runs below the plot, in as many columns as the longest label leaves room for. */
export function runLegend(labels: readonly string[], { width, fontSize }: FigureStyle) {
  const longest = largest(labels.map((label) => textWidth(label, fontSize)))
  const columns = Math.max(1, Math.min(4, labels.length, Math.floor(width / (longest + ENTRY))))
  const room = width - ENTRY
  const legend = { orient: 'bottom', title: null, columns, labelLimit: 0 } as const
  return longest <= room ? legend : { ...legend, labelExpr: inLines(labels, room, fontSize) }
}

/** An expression of Vega that parts a label in lines which fit into so many pixels: long ones are not cut. */
function inLines(labels: readonly string[], room: number, fontSize: number): string {
  const lines = labels.map((label) => [label, lettersIn(label, room, fontSize)] as const)
  return `(${JSON.stringify(Object.fromEntries(lines))})[datum.label] || datum.label`
}

/** A text in lines, parted behind a comma, a bracket, an equals sign or a space where there is one, else between letters. */
function lettersIn(text: string, room: number, fontSize: number): string[] {
  const lines: string[] = []
  for (let rest = text; rest !== ''; ) {
    let most = rest.length
    while (most > 1 && textWidth(rest.slice(0, most), fontSize) > room) most -= 1
    const good = most === rest.length ? most : (rest.slice(0, most).match(/^.*[ ,(=]/su)?.[0].length ?? most)
    lines.push(rest.slice(0, good))
    rest = rest.slice(good)
  }
  return lines
}
