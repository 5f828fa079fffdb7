import { expect, it, vi } from 'vitest'
import { CLASSES } from './classes.ts'
import { COMMAND_CLASSES } from './command-classes.ts'
import { FILE_CLASSES } from './file-classes.ts'
import { formats } from '../../src/trace/formats/index.ts'
import { fuzz } from './fuzz.ts'
import { TRACE_CLASSES } from './trace-classes.ts'

/** Of classes whose inputs take long; fewer might all be refused. */
const FEWEST = 20

const ALL = [...CLASSES, ...COMMAND_CLASSES, ...FILE_CLASSES, ...TRACE_CLASSES]

it('Every trace format has a class of inputs that tries its reader', () => {
  const tried = new Set(ALL.map(({ format }) => format))
  expect(formats.ids.filter((id) => !tried.has(id))).toEqual([])
})

it.each(ALL)('of up to 100 $id each is refused with a place or right', async (kind) => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
  const { crashed, hung, refused, right } = await fuzz(
    kind,
    Math.max(FEWEST, Math.round(100 * (kind.share ?? 1))),
    20_261_129,
  )
  expect({ crashed, hung }).toEqual({ crashed: [], hung: [] })
  expect(refused).toBeGreaterThan(0)
  expect(right).toBeGreaterThan(0)
})
