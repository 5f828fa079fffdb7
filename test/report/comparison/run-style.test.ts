import { describe, expect, it } from 'vitest'
import { type Marked, runMarks } from '../../../src/report/comparison/run-style.ts'

/** So many policies with so many parameters in so many worlds. */
function grid(policies: number, variants: number, worlds: number): Marked[] {
  const list = (count: number): number[] => Array.from({ length: count }, (_, index) => index)
  return list(policies).flatMap((policy) =>
    list(variants).flatMap((variant) =>
      list(worlds).map((world) => ({
        label: `p${policy}(v=${variant}) w${world}`,
        policy: `p${policy}`,
        variant: `p${policy} v${variant}`,
        world: `w${world}`,
      })),
    ),
  )
}

const GRIDS: readonly (readonly [policies: number, variants: number, worlds: number])[] = [
  [1, 41, 1],
  [3, 34, 1],
  [2, 3, 14],
  [34, 3, 1],
  [8, 5, 8],
]

describe('the marks of runs', () => {
  it.each(GRIDS)('are never alike: %i policies, %i parameters, %i worlds', (...shape) => {
    for (const isGrey of [false, true]) {
      const marks = runMarks(grid(...shape), isGrey)
      expect(new Set(marks.map(({ colour, shape: form }) => `${colour} ${form}`)).size).toBe(marks.length)
      expect(new Set(marks.map(({ colour, dash }) => `${colour} ${dash.join()}`)).size).toBe(marks.length)
    }
  })

  it('have one shape a world, whatever the policy', () => {
    const list = grid(3, 2, 4)
    const marks = runMarks(list)
    for (const [index, { world }] of list.entries()) {
      expect(marks[index]!.shape).toBe(marks[list.findIndex((other) => other.world === world)]!.shape)
    }
    expect(new Set(marks.map(({ shape }) => shape)).size).toBe(4)
  })

  it('have no hue in grey, where the shape tells the policy', () => {
    const list = grid(4, 3, 1)
    const marks = runMarks(list, true)
    for (const { colour } of marks) expect(colour).toMatch(/^#(..)\1\1$/)
    expect(new Set(marks.map(({ shape }) => shape)).size).toBe(4)
  })

  it('grow lighter with the place of the parameters', () => {
    const light = ({ colour }: { colour: string }): number =>
      [1, 3, 5].reduce((sum, at) => sum + Number.parseInt(colour.slice(at, at + 2), 16), 0)
    const shades = runMarks(grid(1, 5, 1)).map((mark) => light(mark))
    expect(shades).toEqual(shades.toSorted((a, b) => a - b))
    expect(new Set(shades).size).toBe(5)
  })
})
