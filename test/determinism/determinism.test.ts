import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { PAPER_MODEL } from '../../src/sim/model.ts'
import { demandEqualBits, eventRows, inEveryForm, MODELS, triedFromFiles, triedOn } from './everywhere.ts'

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

it('Plans and policies of one’s own give equal bits from rows in another order and in workers', async () => {
  const traces = await inEveryForm(eventRows(5, 9), 7)
  const folder = mkdtempSync(join(tmpdir(), 'pilotlight-own-bits-'))
  try {
    const tried = await triedFromFiles(traces[0]!, folder)
    const compared = await demandEqualBits(traces.slice(0, 2), MODELS.slice(0, 2), [2], undefined, () => tried)
    expect(compared).toBe(2 * 2 * tried.length)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
