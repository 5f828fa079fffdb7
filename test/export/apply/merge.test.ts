import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MERGE_JQ, merged, OWN } from '../../../src/export/apply/merge.ts'
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
  scale: fc.record({ least: fc.option(fc.nat(5), { nil: null }), rules: ownEntries }),
})
const asData = (value: unknown): Data => value as Data

function most(before: unknown, wanted: unknown): unknown {
  return merged(asData({ maxReplicas: before }), asData({ maxReplicas: wanted }))['maxReplicas']
}

describe('the objects of an operator with an export merged in', () => {
  it('are the same however often it is applied', () => {
    fc.assert(
      fc.property(present, patch, (object, change) => {
        const once = merged(asData(object), asData(change))
        expect(merged(once, asData(change))).toEqual(once)
      }),
      { numRuns: 200 },
    )
  })

  it('are those of the last of two exports', () => {
    fc.assert(
      fc.property(present, patch, patch, (object, first, second) => {
        const both = merged(merged(asData(object), asData(first)), asData(second))
        expect(both).toEqual(merged(asData(object), asData(second)))
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
    expect([most(50, 10), most(10, 50), most(undefined, 10), most('50', '9')]).toEqual([50, 50, 10, '50'])
  })

  it.skipIf(spawnSync('jq', ['--version']).status !== 0)('are the same ones where jq merges them', () => {
    const samples = fc.sample(fc.tuple(present, patch), { numRuns: 40, seed: 3 })
    const text = samples.map(([object, change]) => JSON.stringify([object, change])).join('\n')
    const { stdout, stderr } = spawnSync('jq', ['-c', MERGE_JQ], { input: text, encoding: 'utf8' })
    expect(stderr).toBe('')
    const found = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown)
    expect(found).toEqual(samples.map(([object, change]) => merged(asData(object), asData(change))))
  })
})
