import { describe, expect, it } from 'vitest'
import { type Marked, runLegend, runMarks } from '../../../src/report/comparison/run-style.ts'
import { textWidth } from '../../../src/report/drawing/text-width.ts'

/** 0, 1, 2 and so on, so many. */
function list(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index)
}

/** How light a colour is: the sum of its three channels. */
function light(colour: string): number {
  return [1, 3, 5].reduce((sum, at) => sum + Number.parseInt(colour.slice(at, at + 2), 16), 0)
}

/** So many policies with so many parameters in so many worlds. */
function grid(policies: number, variants: number, worlds: number): Marked[] {
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
    const runs = grid(3, 2, 4)
    const marks = runMarks(runs)
    for (const [index, { world }] of runs.entries()) {
      expect(marks[index]!.shape).toBe(marks[runs.findIndex((other) => other.world === world)]!.shape)
    }
    expect(new Set(marks.map(({ shape }) => shape)).size).toBe(4)
  })

  it('have no hue in grey, where the shape tells the policy', () => {
    const marks = runMarks(grid(4, 3, 1), true)
    for (const { colour } of marks) expect(colour).toMatch(/^#(..)\1\1$/)
    expect(new Set(marks.map(({ shape }) => shape)).size).toBe(4)
  })

  it('have dashes of their own among the parameters of one policy in one world', () => {
    const dashes = runMarks(grid(2, 5, 1)).map(({ dash }) => dash.join())
    expect(new Set(dashes.slice(0, 5)).size).toBe(5)
    expect(dashes.slice(5)).toEqual(dashes.slice(0, 5))
  })

  it('have shapes of their own where one policy has many parameters in one world', () => {
    const marks = runMarks(grid(1, 24, 1))
    for (const [at, { shape }] of marks.entries()) {
      // Two of one shape are far apart in lightness.
      expect(marks.slice(Math.max(0, at - 5), at).map((other) => other.shape)).not.toContain(shape)
    }
    const few = runMarks(grid(2, 8, 1))
    expect(new Set(few.map(({ shape }) => shape)).size).toBe(1)
  })

  it('grow lighter with the place of the parameters', () => {
    const shades = runMarks(grid(1, 5, 1)).map(({ colour }) => light(colour))
    expect(shades).toEqual(shades.toSorted((a, b) => a - b))
    expect(new Set(shades).size).toBe(5)
  })
})

describe('a legend', () => {
  const look = { width: 200, fontSize: 8, isPaper: true, isGrey: true }

  it('parts labels that are wider than the figure in lines, and cuts none', () => {
    const long = 'hybrid-histogram(range=4h, binWidth=1m, head=5, tail=99, margin=10, cv=2) cluster nodes=4x8GB'
    const legend = runLegend(['none', long], look)
    const labelExpr = 'labelExpr' in legend ? legend.labelExpr : ''
    const { labelLimit, columns } = legend
    expect([labelLimit, columns]).toEqual([0, 1])
    const [, lines] = /^\((.*)\)\[datum\.label\]/s.exec(labelExpr)!
    const parted = JSON.parse(lines!) as Record<string, string[]>
    expect(parted['none']).toEqual(['none'])
    expect(parted[long]!.length).toBeGreaterThan(1)
    expect(parted[long]!.join('')).toBe(long)
    for (const line of parted[long]!) expect(textWidth(line, look.fontSize)).toBeLessThanOrEqual(look.width)
  })

  it('is as Vega has it where all labels have room', () => {
    expect(runLegend(['none', 'fixed'], look)).not.toHaveProperty('labelExpr')
  })
})
