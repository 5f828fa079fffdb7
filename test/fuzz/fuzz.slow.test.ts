import { expect, it, vi } from 'vitest'
import { CLASSES } from './classes.ts'
import { COMMAND_CLASSES } from './command-classes.ts'
import { FILE_CLASSES } from './file-classes.ts'
import { fuzz } from './fuzz.ts'
import { TRACE_CLASSES } from './trace-classes.ts'

const ALL = [...CLASSES, ...COMMAND_CLASSES, ...FILE_CLASSES, ...TRACE_CLASSES]
/** More than 10,000 in total. */
const TRIES = 800

it.each(ALL)('of many $id each is refused with a place or right', async (kind) => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
  const outcomes = await fuzz(kind, Math.round(TRIES * (kind.share ?? 1)), 7)
  process.stderr.write(`${kind.id}: ${outcomes.tried} tried, ${outcomes.refused} refused, ${outcomes.right} right\n`)
  expect({ crashed: outcomes.crashed, hung: outcomes.hung }).toEqual({ crashed: [], hung: [] })
})
