import fc from 'fast-check'
import { expect, it } from 'vitest'
import { cutLedger, joinedLedger } from '../../src/engine/ledger-parts.ts'
import { ACCOUNTS, createLedger, STAGE_ACCOUNTS, tellingBytes } from '../../src/engine/ledger.ts'

const HORIZON_MS = 3_600_000

it('a ledger that is cut by apps and joined again is the same in all its accounts, those of stages among them', () => {
  const cells = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 60 })
  const property = fc.property(cells, fc.array(fc.nat(60), { maxLength: 4 }), (values, cuts) => {
    const apps = values.length
    const ledger = createLedger(apps, HORIZON_MS)
    for (const [column, account] of [...ACCOUNTS, ...STAGE_ACCOUNTS].entries()) {
      for (const [app, value] of values.entries()) ledger[account][app] = value + column
    }
    const borders = [0, ...cuts.map((cut) => cut % (apps + 1)).toSorted((one, other) => one - other), apps]
    const parts = borders.slice(1).map((to, at) => cutLedger(ledger, HORIZON_MS, borders[at]!, to))
    expect(Buffer.from(tellingBytes(joinedLedger(parts, HORIZON_MS))).equals(tellingBytes(ledger))).toBe(true)
  })
  fc.assert(property)
})
