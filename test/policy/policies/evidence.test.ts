import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { policies } from '../../../src/policy/policies/index.ts'

/** The kinds of evidence of which a test file has no test. One that is skipped or commented out is none. */
function missing(text: string): string[] {
  return ['byHand', 'asNaive'].filter((kind) => !new RegExp(String.raw`^ *${kind}(\.each)?\(`, 'm').test(text))
}

describe('every policy', () => {
  it.each(policies.ids)('%s has an example by hand and a naive version', (id) => {
    const file = fileURLToPath(new URL(`${id}.test.ts`, import.meta.url))
    expect(existsSync(file), `test/policy/policies/${id}.test.ts is to be written, see evidence.ts`).toBe(true)
    expect(missing(readFileSync(file, 'utf8')), `${id}.test.ts, see evidence.ts`).toEqual([])
  })
})

it('what is skipped, commented out or only imported is no evidence', () => {
  expect(missing("byHand('loads', () => {})\n  asNaive('is the same', () => {})")).toEqual([])
  expect(missing("byHand.each([1])('loads', () => {})\n// asNaive('is the same', () => {})")).toEqual(['asNaive'])
  expect(missing("import { byHand, asNaive } from './evidence.ts'\nbyHand.skip('loads', () => {})")).toHaveLength(2)
})
