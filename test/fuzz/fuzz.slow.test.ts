import { expect, it, vi } from 'vitest'
import { CLASSES } from './classes.ts'
import { fuzz } from './fuzz.ts'

/** 10,000 in total. */
const TRIES = Math.ceil(10_000 / CLASSES.length)

it.each(CLASSES)('of many $id each is refused with a place or right', async (kind) => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
  const outcomes = await fuzz(kind, TRIES, 7)
  process.stderr.write(`${kind.id}: ${outcomes.tried} tried, ${outcomes.refused} refused, ${outcomes.right} right\n`)
  expect({ crashed: outcomes.crashed, hung: outcomes.hung }).toEqual({ crashed: [], hung: [] })
})
