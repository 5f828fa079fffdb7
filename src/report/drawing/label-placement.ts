import { textWidth } from './text-width.ts'

/** A labelled point of a picture, in pixels from its upper left corner. */
export interface LabelledPoint {
  readonly x: number
  readonly y: number
  readonly label: string
}

/** Where a label stands: the middle of its left edge, in pixels. */
export interface LabelPlace {
  readonly x: number
  readonly y: number
}

interface LabelBox {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** Longer labels hide more than they tell. */
const LONGEST = 240
const RADIUS = 7
const LINE = 13

/**
 * Finds each label a place beside its point where it covers no point, no other label and no edge of the picture.
 * Undefined where there is none. Labels are placed in their order, so the result depends on nothing else.
 */
export function placeLabels(
  points: readonly LabelledPoint[],
  picture: { readonly width: number; readonly height: number; readonly fontSize: number },
): (LabelPlace | undefined)[] {
  const placed: LabelBox[] = []
  return points.map(({ x, y, label }, index) => {
    const width = textWidth(label, picture.fontSize)
    if (width > LONGEST) return undefined
    const taken = [...placed, ...points.filter((_, other) => other !== index).map((other) => around(other.x, other.y))]
    const place = candidates(x, y, width).find(({ box }) => {
      const inside = box.left >= 0 && box.top >= 0 && box.right <= picture.width && box.bottom <= picture.height
      return inside && !taken.some((other) => overlap(box, other))
    })
    if (place !== undefined) placed.push(place.box)
    return place?.at
  })
}

/** The room that a point keeps free of the labels of others, so that no label seems to be its own. */
function around(x: number, y: number): LabelBox {
  const room = 2 * RADIUS
  return { left: x - room, right: x + room, top: y - room, bottom: y + room }
}

/** Right, left, above and below, then the corners. */
function candidates(x: number, y: number, width: number): { readonly at: LabelPlace; readonly box: LabelBox }[] {
  const lefts = { right: x + RADIUS, left: x - RADIUS - width, middle: x - width / 2 }
  const rows = { level: y, above: y - RADIUS - LINE / 2, below: y + RADIUS + LINE / 2 }
  const positions: readonly (readonly [number, number])[] = [
    [lefts.right, rows.level],
    [lefts.left, rows.level],
    [lefts.middle, rows.above],
    [lefts.middle, rows.below],
    [lefts.right, rows.above],
    [lefts.right, rows.below],
    [lefts.left, rows.above],
    [lefts.left, rows.below],
  ]
  return positions.map(([left, middle]) => ({
    at: { x: left, y: middle },
    box: { left, right: left + width, top: middle - LINE / 2, bottom: middle + LINE / 2 },
  }))
}

function overlap(a: LabelBox, b: LabelBox): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}
