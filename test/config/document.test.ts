import { expect, it } from 'vitest'
import { parseSource } from '../../src/config/document.ts'

/** How long a document of so many keys takes to be read, in ms. */
function timed(count: number): number {
  const text = Array.from({ length: count }, (_, key) => `k${key}: 1`).join('\n')
  const from = performance.now()
  expect(Object.keys(parseSource(text, 'x.yaml').data as object)).toHaveLength(count)
  return performance.now() - from
}

it('Sixty thousand keys are read in a time that grows as their number does', () => {
  timed(6000)
  // Work that grows with the square would take a hundred times as long.
  expect(timed(60_000)).toBeLessThan(40 * Math.max(20, timed(6000)))
})

it('An anchor may be used wherever it stands before', () => {
  expect(parseSource('a: &x [1]\nb: *x\nc: { d: *x }\n', 'x.yaml').data).toEqual({ a: [1], b: [1], c: { d: [1] } })
})
