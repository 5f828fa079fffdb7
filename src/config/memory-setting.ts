import { formatMemory, parseMemory } from '../core/units.ts'
import { found, type Mistake, type Setting } from './setting.ts'

/** How a memory size is written. */
export const MEMORY_PATTERN = String.raw`^\d+(\.\d+)? ?(MB|GB|TB)$`

/** Reads a memory size above 0, in MB. */
export function readMemorySize(raw: unknown): Setting | Mistake {
  const problem = `expected a memory size such as 512MB or 4GB, found ${found(raw)}`
  if (typeof raw === 'number' && raw > 0) return { problem, hint: `Write its unit, as in ${raw}MB or ${raw}GB.` }
  const value = typeof raw === 'string' ? parseMemory(raw) : undefined
  if (value === undefined) return { problem, hint: 'The units are MB, GB and TB.' }
  if (!(value > 0 && value <= 2 ** 40)) return { problem: `expected a memory size above 0MB, found ${found(raw)}` }
  return { value, written: (raw as string).trim(), canonical: formatMemory(value) }
}
