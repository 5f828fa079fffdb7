import { expect, it } from 'vitest'
import { PAPER_MODEL } from '../../src/sim/model.ts'
import { demandEqualBits, eventRows, inEveryForm, MODELS, triedOn } from './everywhere.ts'

it('All policies give equal bits from a file, from its rows in another order packed, and with two workers', async () => {
  const [plain, , packed] = await inEveryForm(eventRows(3, 12), 5)
  const compared = await demandEqualBits([plain!, packed!], [PAPER_MODEL], [2])
  expect(compared).toBe(2 * triedOn(plain!).length)
  expect(compared).toBeGreaterThan(30)
})

it('A policy gives equal bits in every model, in a worker or not', async () => {
  const [plain, shuffled] = await inEveryForm(eventRows(4, 12), 6)
  expect(await demandEqualBits([plain!, shuffled!], MODELS.slice(1), [1], (id) => id === 'hybrid-histogram')).toBe(4)
})
