import { streamOf } from '../core/random.ts'
import { SECOND } from '../core/units.ts'
import type { Trace } from '../trace/trace.ts'
import { chargedMemory } from './charged-memory.ts'
import type { LogNormalColdStart, Model } from './model.ts'
import { standardNormal } from './standard-normal.ts'

/** The 99th percentile of the standard normal law. */
const NORMAL_P99 = 2.3263478740408408

/**
 * How long loading each app takes, in whole ms, nothing in the model `paper`: the trace's own time, one second where it has none; or the model's
 * constant; or drawn from the model's law, each app's from a stream of its name.
 */
export function loadingTimes(trace: Trace, model: Model, seed: number): Float64Array {
  const { apps } = trace
  if (model.kind === 'paper') return new Float64Array(apps.count)
  const { coldStart } = model
  if (coldStart === 'trace') return apps.coldStartMs.map((ms) => (Number.isNaN(ms) ? SECOND : Math.round(ms)))
  if (typeof coldStart === 'number') return new Float64Array(apps.count).fill(Math.round(coldStart))
  if ('medianMs' in coldStart) return drawnTimes(trace, coldStart, seed)
  return chargedMemory(trace, model).map((mb) => Math.round(coldStart.baseMs + coldStart.msPerMb * mb))
}

function drawnTimes({ apps }: Trace, { medianMs, p99Ms }: LogNormalColdStart, seed: number): Float64Array {
  const sigma = Math.log(p99Ms / medianMs) / NORMAL_P99
  return Float64Array.from({ length: apps.count }, (_, app) => {
    const stream = streamOf(seed, `cold start ${apps.name.at(app)}`)
    return Math.round(medianMs * Math.exp(sigma * standardNormal(stream)))
  })
}
