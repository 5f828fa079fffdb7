import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import {
  demandEqualBits,
  demandEqualShards,
  eventRows,
  inEveryForm,
  MODELS,
  triedFromFiles,
  triedOn,
} from './everywhere.ts'

it('Every policy in every model gives equal bits whatever the order of rows, the compression and the workers', async () => {
  const traces = await inEveryForm(eventRows(1, 40), 2)
  const compared = await demandEqualBits(traces, MODELS, [1, 2, 3, 4])
  expect(compared).toBe(traces.length * MODELS.length * 4 * triedOn(traces[0]!).length)
  process.stderr.write(`${compared} runs compared\n`)
})

it('Every policy in every model gives equal bits in one run of an experiment and in three shards', async () => {
  expect(await demandEqualShards(eventRows(7, 25), 3)).toBe(3)
})

it('Plans and policies of one’s own do too, whatever the order of rows, the compression and the workers', async () => {
  const traces = await inEveryForm(eventRows(1, 40), 2)
  const folder = mkdtempSync(join(tmpdir(), 'pilotlight-own-bits-'))
  try {
    const tried = await triedFromFiles(traces[0]!, folder)
    const compared = await demandEqualBits(traces, MODELS, [1, 2, 3, 4], undefined, () => tried)
    expect(compared).toBe(traces.length * MODELS.length * 4 * tried.length)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
