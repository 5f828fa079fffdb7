// The names beside the marks of the chart of two metrics: where each of them has room.
import { drawing } from './element.ts'
import { type Mark, markName, type PageModel } from './page-model.ts'
import type { Scale } from './scale.ts'

/** Marks whose names stand beside them at most. */
const MOST_NAMED = 16
/** A name that takes more of the plot's width hides more than it tells. */
const WIDEST = 0.7
/** How far down from its mark a name may stand, in pixels; A and B have letters, which say what a farther name belongs to. */
const DOWN = [0, -13, 13, -26, 26]
const FARTHER_DOWN = [-39, 39, -52, 52]

/** A part of the picture, in pixels. */
export interface NameBox {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** The plot, its scales, and what of it is taken. */
interface Plot {
  readonly x: Scale
  readonly y: Scale
  readonly left: number
  readonly right: number
  readonly bottom: number
  readonly taken: readonly NameBox[]
}

/**
 * The names of marks where they cover neither a mark nor another name: A and B first, then what keeps to the budget, and of
 * these those on the frontier first.
 */
export function markNames(
  frontier: readonly Mark[],
  marks: readonly Mark[],
  model: PageModel,
  plot: Plot,
): SVGElement[] {
  const { x, y } = plot
  const isRinged = ({ runs }: Mark): boolean => runs.includes(model.a) || runs.includes(model.b)
  const ofMarks = marks.map((mark) => around(x.at(mark.x.mean), y.at(mark.y.mean), isRinged(mark) ? 12 : 7))
  const taken: NameBox[] = [...plot.taken, ...ofMarks]
  const rank = (mark: Mark): number =>
    isRinged(mark) ? 0 : (frontier.includes(mark) ? 1 : 2) + (model.isBeyond(mark) ? 2 : 0)
  const wanted = [...new Set([...frontier, ...marks])].toSorted((a, b) => rank(a) - rank(b))
  return wanted.slice(0, MOST_NAMED).flatMap((mark) => {
    const label = markName(model.data, mark)
    const room = widthOf(label)
    if (room > WIDEST * (plot.right - plot.left)) return []
    const gap = isRinged(mark) ? 15 : 11
    const at = { x: x.at(mark.x.mean), y: y.at(mark.y.mean) }
    const down = isRinged(mark) ? [...DOWN, ...FARTHER_DOWN] : DOWN
    const place = beside(at, gap, room, down).find((box) => fits(box, plot, taken))
    if (place === undefined) return []
    taken.push(place)
    const anchored = place.isRight
      ? { x: place.left, 'text-anchor': 'start' }
      : { x: place.right, 'text-anchor': 'end' }
    return [drawing('text', { class: 'name', y: (place.top + place.bottom) / 2 + 4, ...anchored }, label)]
  })
}

/** Where a name of some width may stand beside a point, the best place first. */
function beside(
  { x, y }: { readonly x: number; readonly y: number },
  gap: number,
  room: number,
  down: readonly number[],
): (NameBox & { readonly isRight: boolean })[] {
  return down.flatMap((by) => {
    const level = { top: y + by - 7, bottom: y + by + 7 }
    return [
      { ...level, left: x + gap, right: x + gap + room, isRight: true },
      { ...level, left: x - gap - room, right: x - gap, isRight: false },
    ]
  })
}

function fits(box: NameBox, { left, right, bottom }: Plot, taken: readonly NameBox[]): boolean {
  const isInside = box.left >= left && box.right <= right && box.top >= 0 && box.bottom <= bottom + 7
  return isInside && !taken.some((other) => meet(box, other))
}

/** About how wide a text of small letters is, in pixels; Chinese ones are as wide as high. */
export function widthOf(text: string): number {
  return [...text].reduce((sum, letter) => sum + (letter < '\u2E80' ? 6.4 : 11), 0)
}

/** The room of a mark, which is so far from its middle. */
export function around(x: number, y: number, far: number): NameBox {
  return { left: x - far, right: x + far, top: y - far, bottom: y + far }
}

/** Whether two parts of the picture have something in common. */
export function meet(a: NameBox, b: NameBox): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}
