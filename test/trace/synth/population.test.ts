import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { appsFor, createPopulation } from '../../../src/trace/synth/population.ts'
import { paced } from '../../../src/trace/synth/rates.ts'
import { synthesizeTrace } from '../../../src/trace/synth/index.ts'
import { plainCells } from '../../../src/trace/cells/unpacked-cells.ts'
import type { Trace } from '../../../src/trace/trace.ts'

const population = createPopulation(7)

/** The cells of a trace by function, as text. */
function cellsByName(trace: Trace, minutes: number): Map<string, string> {
  const { firstCell, minute, count } = plainCells(trace)
  const cells = new Map<string, string>()
  for (let fn = 0; fn < trace.functions.count; fn += 1) {
    const found: string[] = []
    for (let cell = firstCell[fn]!; cell < firstCell[fn + 1]!; cell += 1) {
      if (minute[cell]! < minutes) found.push(`${minute[cell]}:${count[cell]}`)
    }
    if (found.length > 0) cells.set(trace.functions.name.at(fn), found.join(' '))
  }
  return cells
}

it('The same options give the same trace, and another seed another', () => {
  const options = { apps: 40, days: 1, seed: 5 }
  expect(synthesizeTrace(options).digest).toBe(synthesizeTrace(options).digest)
  expect(synthesizeTrace(options).digest).not.toBe(synthesizeTrace({ ...options, seed: 6 }).digest)
})

it('More apps leave the apps before them as they are', () => {
  const few = cellsByName(synthesizeTrace({ apps: 30, days: 1, seed: 5 }), 1440)
  const many = cellsByName(synthesizeTrace({ apps: 60, days: 1, seed: 5 }), 1440)
  expect(many.size).toBeGreaterThan(few.size)
  for (const [name, cells] of few) expect(many.get(name)).toBe(cells)
})

it.each([
  [1, 3],
  [3, 14],
  [14, 16],
])('The first %i of %i days are as they are without the others', (few, many) => {
  const short = cellsByName(synthesizeTrace({ apps: 30, days: few, seed: 5 }), few * 1440)
  const long = cellsByName(synthesizeTrace({ apps: 30, days: many, seed: 5 }), few * 1440)
  expect(long).toEqual(short)
})

it('A function that is invoked at most once a minute has its rate in every fortnight, to the invocation', () => {
  fc.assert(
    fc.property(fc.nat({ max: 5000 }), (place) => {
      const app = population.app(place)
      const arrivals = population.arrivals(app)
      const counts = new Uint32Array(2 * 14 * 1440)
      for (const fn of app.functions.slice(0, 20)) {
        if (fn.beat !== undefined || fn.perDay > 1440) continue
        arrivals.fill(fn, counts)
        const wanted = Math.max(1, Math.round(fn.perDay * 14))
        expect(counts.subarray(0, 14 * 1440).reduce((sum, count) => sum + count, 0)).toBe(wanted)
        expect(counts.subarray(14 * 1440).reduce((sum, count) => sum + count, 0)).toBe(wanted)
      }
    }),
    { numRuns: 60 },
  )
})

it('A function that is invoked more often has its rate on average', () => {
  const counts = new Uint32Array(14 * 1440)
  let tested = 0
  for (let place = 0; place < 150; place += 1) {
    const app = population.app(place)
    for (const fn of app.functions) {
      if (fn.beat !== undefined || fn.perDay <= 1440) continue
      population.arrivals(app).fill(fn, counts)
      const wanted = fn.perDay * 14
      const found = counts.reduce((sum, count) => sum + count, 0)
      // A sum of Poisson draws: five standard errors.
      expect(Math.abs(found - wanted)).toBeLessThan(5 * Math.sqrt(wanted))
      tested += 1
    }
  }
  expect(tested).toBeGreaterThan(20)
})

it('Names are 64 hexadecimal digits, and no two functions or apps share one', () => {
  const apps = Array.from({ length: 300 }, (_, place) => population.app(place))
  const names = apps.flatMap((app) => [app.name, ...app.functions.map(({ name }) => name)])
  expect(new Set(names).size).toBe(names.length)
  for (const name of [...names, ...apps.map(({ owner }) => owner)]) expect(name).toMatch(/^[0-9a-f]{64}$/)
})

it('A pace bends rates above one a minute and no others', () => {
  expect(paced(1440, 0.5)).toBe(1440)
  expect(paced(10, 0.5)).toBe(10)
  expect(paced(144_000, 0.5)).toBeCloseTo(14_400, 6)
  expect(paced(144_000, 1)).toBeCloseTo(144_000, 6)
})

it.each([3_000_000, 20_000_000])('A wanted total of %i invocations a day is met on average', (wanted) => {
  const trace = synthesizeTrace({ apps: 800, days: 7, seed: 3, invocationsPerDay: wanted })
  // Bursty apps have more or less of their fortnight in its first week.
  expect(Math.abs(trace.invocations / 7 / wanted - 1)).toBeLessThan(0.1)
})

it.each([1, 10 ** 15])(
  'A total of %i a day that no pace reaches is refused with what can be reached',
  (invocationsPerDay) => {
    expect(() => synthesizeTrace({ apps: 50, days: 1, seed: 3, invocationsPerDay })).toThrow(
      /^invocationsPerDay: 50 apps make from \d+ to \d+ invocations a day, found \d+\./,
    )
  },
)

it('The apps for a number of functions are the least that have them', () => {
  const apps = appsFor({ functions: 500, days: 1, seed: 2 })
  const found = synthesizeTrace({ apps, days: 1, seed: 2 }).functions.count
  // A function above one a minute may yet have a quiet day, which appsFor does not draw.
  expect(found).toBeGreaterThan(480)
  expect(synthesizeTrace({ apps: apps - 1, days: 1, seed: 2 }).functions.count).toBeLessThan(500)
})

it.each([
  [{ apps: 0, days: 1, seed: 1 }, 'apps: must be a whole number from 1 to 10000000, found 0.'],
  [{ apps: 10, days: 1.5, seed: 1 }, 'days: must be a whole number from 1 to 99, found 1.5.'],
  [{ apps: 10, days: 1, seed: -1 }, 'seed: must be a whole number from 0 to 9007199254740991, found -1.'],
  [{ apps: 10, days: 1, seed: Number.NaN }, 'seed: must be a whole number from 0 to 9007199254740991, found NaN.'],
])('%o is refused', (options, message) => {
  expect(() => synthesizeTrace(options)).toThrow(message)
})

it('Progress is told from above 0 to 1, never falling', () => {
  const heard: number[] = []
  synthesizeTrace({ apps: 25, days: 1, seed: 1 }, (done) => heard.push(done))
  expect(heard.at(-1)).toBe(1)
  expect(heard).toEqual(heard.toSorted((a, b) => a - b))
})
