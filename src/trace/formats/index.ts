import { registry } from '../../core/registry.ts'
import type { TraceFormat } from '../format.ts'
import { compiled } from './compiled.ts'

/** The trace formats, in the order in which they are tried on a trace whose format was not named. */
export const formats = registry<TraceFormat>('trace format', [compiled])
