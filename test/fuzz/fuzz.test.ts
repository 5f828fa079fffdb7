import { expect, it, vi } from 'vitest'
import { CLASSES } from './classes.ts'
import { fuzz } from './fuzz.ts'

it.each(CLASSES)('of 200 $id each is refused with a place or right', async (kind) => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
  const { crashed, hung, refused, right } = await fuzz(kind, 200, 20_261_129)
  expect({ crashed, hung }).toEqual({ crashed: [], hung: [] })
  expect(refused).toBeGreaterThan(0)
  expect(right).toBeGreaterThan(0)
})
