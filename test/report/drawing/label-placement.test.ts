import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type LabelledPoint, placeLabels } from '../../../src/report/drawing/label-placement.ts'
import { textWidth } from '../../../src/report/drawing/text-width.ts'

const PICTURE = { width: 640, height: 340, fontSize: 11 }

function boxOf({ label }: LabelledPoint, { x, y }: { x: number; y: number }) {
  return { left: x, right: x + textWidth(label, 11), top: y - 6.5, bottom: y + 6.5 }
}

describe('placeLabels', () => {
  it('puts a lone label to the right of its point', () => {
    expect(placeLabels([{ x: 100, y: 50, label: 'fixed' }], PICTURE)).toEqual([{ x: 107, y: 50 }])
  })

  it('puts it to the left where the right edge is near', () => {
    const width = textWidth('fixed', 11)
    expect(placeLabels([{ x: 635, y: 50, label: 'fixed' }], PICTURE)).toEqual([{ x: 635 - 7 - width, y: 50 }])
  })

  it('labels neither of two points that lie on each other, since a label would seem to be of both', () => {
    const points = [1, 2].map((run) => ({ x: 300, y: 100, label: `run ${run}` }))
    expect(placeLabels(points, PICTURE)).toEqual([undefined, undefined])
  })

  it('gives a very long label no place', () => {
    expect(placeLabels([{ x: 10, y: 50, label: 'long '.repeat(20) }], PICTURE)).toEqual([undefined])
  })

  it('never lets labels overlap each other or leave the picture', () => {
    const point = fc.record({
      x: fc.nat(PICTURE.width),
      y: fc.nat(PICTURE.height),
      label: fc.string({ minLength: 1, maxLength: 30 }),
    })
    fc.assert(
      fc.property(fc.array(point, { maxLength: 20 }), (points) => {
        const boxes = placeLabels(points, PICTURE).flatMap((place, index) =>
          place === undefined ? [] : [boxOf(points[index]!, place)],
        )
        for (const [index, a] of boxes.entries()) {
          expect(a.left >= 0 && a.top >= 0 && a.right <= PICTURE.width && a.bottom <= PICTURE.height).toBe(true)
          const overlapping = boxes
            .slice(index + 1)
            .filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
          expect(overlapping).toEqual([])
        }
      }),
    )
  })
})
