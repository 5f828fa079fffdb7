import { parseMemory } from '../../core/units.ts'
import { UserError } from '../../core/user-error.ts'

const MOST = 100

/** The MB of memory sizes that a flag was given, as in `8GB,16GB`; undefined when it was not. Throws a UserError. */
export function readMemorySizes(flag: string, text: string | undefined): number[] | undefined {
  const written = text?.split(',').map((size) => size.trim())
  if (written !== undefined && written.length > MOST) {
    const problem = `expected at most ${MOST} memory sizes, found ${written.length}`
    throw new UserError({ where: `--${flag}`, problem, hint: '--json gives points of the whole curve.' })
  }
  return written?.map((size) => {
    const mb = parseMemory(size)
    if (mb !== undefined && mb > 0 && Number.isFinite(mb)) return mb
    const problem = `expected a memory size such as 512MB or 4GB, found ${JSON.stringify(size)}`
    throw new UserError({ where: `--${flag}`, problem })
  })
}
