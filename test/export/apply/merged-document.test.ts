import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { holdsNothing, merged, mergeJq, NOTHING, OWN, RESTORE_JQ } from '../../../src/export/apply/merged-document.ts'
import type { Data } from '../../../src/export/files/export-file.ts'

/** An object as operators have them: settings, a maximum, a list of named entries and a list of others. */
const entry = fc.record({
  name: fc.constantFrom('http', 'queue', `${OWN}1`, `${OWN}2`),
  target: fc.nat(9),
})
const named = fc.uniqueArray(entry, { maxLength: 4, selector: ({ name }) => name })
const present = fc.record(
  {
    image: fc.constantFrom('shop:1', 'shop:2'),
    cooldown: fc.nat(9),
    maxReplicas: fc.nat(99),
    rules: named,
    scale: fc.record({ least: fc.nat(5), secrets: fc.array(fc.nat(3)), rules: named }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
)
const ownEntries = fc
  .uniqueArray(fc.constantFrom(1, 2, 3), { maxLength: 3 })
  .chain((numbers) =>
    fc.tuple(...numbers.map((n) => fc.record({ name: fc.constant(`${OWN}${n}`), target: fc.nat(9) }))),
  )
/** What exports of one platform say: always of the same keys. */
const patch = fc.record({
  cooldown: fc.option(fc.nat(9), { nil: null }),
  maxReplicas: fc.nat(99),
  scale: fc.record({ least: fc.option(fc.nat(5), { nil: null }), rules: ownEntries }),
})
/** The same of objects that an operator may not have: a list of their own entries, and an export that holds something or nothing. */
const optional = fc.option(fc.record({ target: fc.nat(9), rules: named }), { nil: undefined })
const held = fc.oneof(
  fc.record({ target: fc.nat(9), rules: ownEntries }),
  fc.record({ target: fc.constant(1), rules: fc.constant([{ name: NOTHING, target: 0 }]) }),
)
const asData = (value: unknown): Data => value as Data
const MAXIMA = { maxReplicas: 10 }
const isPlain = (object: unknown): boolean => !JSON.stringify(object).includes(OWN)
const withoutMost = (object: Data): unknown => ({ ...object, maxReplicas: 0 })

function most(before: unknown, wanted: unknown): unknown {
  return merged(asData({ maxReplicas: before }), asData({ maxReplicas: wanted }), MAXIMA)['maxReplicas']
}

describe('the objects of an operator with an export merged in', () => {
  it('are the same however often it is applied', () => {
    fc.assert(
      fc.property(present, patch, (object, change) => {
        const once = merged(asData(object), asData(change), MAXIMA)
        expect(merged(once, asData(change), MAXIMA)).toEqual(once)
      }),
      { numRuns: 200 },
    )
  })

  it('are those of the last of two exports, but for maxima', () => {
    fc.assert(
      fc.property(present, patch, patch, (object, first, second) => {
        const both = merged(merged(asData(object), asData(first), MAXIMA), asData(second), MAXIMA)
        expect(withoutMost(both)).toEqual(withoutMost(merged(asData(object), asData(second), MAXIMA)))
      }),
      { numRuns: 200 },
    )
  })

  it('keep what the export does not name, and entries of their own in every list', () => {
    const object = { image: 'shop:1', rules: [{ name: 'queue', length: 5 }, { type: 'unnamed' }, { name: `${OWN}9` }] }
    const change = {
      rules: [
        { name: 'queue', target: 2 },
        { name: `${OWN}1`, target: 3 },
      ],
    }
    expect(merged(asData(object), asData(change))).toEqual({
      image: 'shop:1',
      rules: [{ name: 'queue', length: 5, target: 2 }, { type: 'unnamed' }, { name: `${OWN}1`, target: 3 }],
    })
  })

  it('have a maximum raised and never lowered', () => {
    expect([most(50, 10), most(10, 50), most('50', '9')]).toEqual([50, 50, '50'])
    // Where there is none, that of the platform holds; one of 0 is none.
    expect([most(undefined, 10), most(undefined, 11), most(null, 5), most(0, 50)]).toEqual([undefined, 11, null, 0])
  })

  it('lose an object in which an export holds nothing, but not entries of an operator’s own', () => {
    const nothing = { held: { target: 1, rules: [{ name: NOTHING, target: 0 }] } }
    const lunch = { name: 'lunch', target: 6 }
    for (const rules of [[], [{ name: `${OWN}1`, target: 3 }]]) {
      expect(merged(asData({ held: { target: 3, rules } }), asData(nothing))).toEqual({})
      expect(merged(asData({ held: { target: 3, rules: [lunch, ...rules] } }), asData(nothing))).toEqual({
        held: { target: 1, rules: [lunch, { name: NOTHING, target: 0 }] },
      })
    }
    expect(merged(asData({}), asData(nothing))).toEqual({})
    fc.assert(
      fc.property(optional, held, held, (object, first, second) => {
        const alone = merged(asData({ held: object }), asData({ held: second }))
        const both = merged(merged(asData({ held: object }), asData({ held: first })), asData({ held: second }))
        expect(both).toEqual(alone)
        expect(merged(alone, asData({ held: second }))).toEqual(alone)
        expect(holdsNothing(alone['held'])).toBe(false)
      }),
      { numRuns: 200 },
    )
  })

  it.skipIf(spawnSync('jq', ['--version']).status !== 0)('are the same ones where jq merges them', () => {
    const samples = [
      ...fc.sample(fc.tuple(present, patch), { numRuns: 40, seed: 3 }),
      ...fc.sample(fc.tuple(fc.record({ held: optional }), fc.record({ held })), { numRuns: 40, seed: 5 }),
    ]
    const text = samples.map(([object, change]) => JSON.stringify([object, change])).join('\n')
    const { stdout, stderr } = spawnSync('jq', ['-c', mergeJq(MAXIMA)], { input: text, encoding: 'utf8' })
    expect(stderr).toBe('')
    const found = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown)
    expect(found).toEqual(samples.map(([object, change]) => merged(asData(object), asData(change), MAXIMA)))
  })
})

function restored(samples: readonly (readonly [now: unknown, before: unknown, change: unknown])[]): unknown[] {
  const text = samples.map((sample) => JSON.stringify(sample)).join('\n')
  const { stdout, stderr } = spawnSync('jq', ['-c', RESTORE_JQ], { input: text, encoding: 'utf8' })
  expect(stderr).toBe('')
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
}

describe.skipIf(spawnSync('jq', ['--version']).status !== 0)('what an export set, taken back by jq', () => {
  it('leaves what there was before', () => {
    // An operator's objects have no entries of an earlier export; those come back in another order.
    const plain = present.filter(isPlain)
    const samples = [
      ...fc.sample(fc.tuple(plain, patch), { numRuns: 40, seed: 4 }),
      ...fc.sample(fc.tuple(fc.record({ held: optional }).filter(isPlain), fc.record({ held })), {
        numRuns: 40,
        seed: 6,
      }),
    ]
    const triples = samples.map(([object, change]) => {
      return [merged(asData(object), asData(change), MAXIMA), object, change] as const
    })
    expect(restored(triples)).toEqual(samples.map(([object]) => JSON.parse(JSON.stringify(object)) as unknown))
  })

  it('leaves what others changed since', () => {
    const before = { image: 'shop:1', cooldown: 3, rules: [{ name: 'queue', length: 5 }] }
    const change = { cooldown: 9, rules: [{ name: 'queue', length: 7 }, { name: `${OWN}1` }] }
    const now = {
      image: 'shop:2',
      cooldown: 9,
      rules: [{ name: 'queue', length: 7, key: 'k' }, { name: `${OWN}1` }, { name: 'new' }],
    }
    expect(restored([[now, before, change]])).toEqual([
      { image: 'shop:2', cooldown: 3, rules: [{ name: 'queue', length: 5, key: 'k' }, { name: 'new' }] },
    ])
  })
})
