import { registry } from '../../core/registry.ts'
import type { TraceFormat } from '../trace-format.ts'
import { azure2019 } from './azure-2019.ts'
import { azure2021 } from './azure-2021.ts'
import { compiled } from './compiled.ts'
import { presetFormat } from '../mapping/preset-format.ts'
import { PRESETS } from '../mapping/presets/index.ts'
import { events } from './events.ts'

/** The trace formats, in the order in which they are tried on a trace whose format was not named. */
export const formats = registry<TraceFormat>('trace format', [
  compiled,
  azure2019,
  azure2021,
  events,
  ...PRESETS.map(presetFormat),
])
