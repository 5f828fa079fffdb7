import { expect, it } from 'vitest'
import { LedgerMemory } from '../../../src/sim/workers/ledger-memory.ts'

it('memory that was given back is taken again, and holds nothing any more', () => {
  const memory = new LedgerMemory()
  const first = memory.take(16)
  new Uint8Array(first).fill(7)
  memory.give(first)
  expect(memory.take(8)).not.toBe(first)
  const again = memory.take(16)
  expect(again).toBe(first)
  expect(new Uint8Array(again)).toEqual(new Uint8Array(16))
  expect(memory.take(16)).not.toBe(first)
})
