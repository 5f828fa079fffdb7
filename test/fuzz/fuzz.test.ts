import { expect, it, vi } from 'vitest'
import { CLASSES } from './classes.ts'
import { COMMAND_CLASSES } from './command-classes.ts'
import { FILE_CLASSES } from './file-classes.ts'
import { fuzz } from './fuzz.ts'

/** Of classes whose inputs take long; fewer might all be refused. */
const FEWEST = 20

it.each([...CLASSES, ...COMMAND_CLASSES, ...FILE_CLASSES])(
  'of up to 100 $id each is refused with a place or right',
  async (kind) => {
    vi.spyOn(console, 'log').mockImplementation(() => {})
    const { crashed, hung, refused, right } = await fuzz(
      kind,
      Math.max(FEWEST, Math.round(100 * (kind.share ?? 1))),
      20_261_129,
    )
    expect({ crashed, hung }).toEqual({ crashed: [], hung: [] })
    expect(refused).toBeGreaterThan(0)
    expect(right).toBeGreaterThan(0)
  },
)
