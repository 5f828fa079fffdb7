import { middleOf } from '../core/log-bins.ts'
import { LATENCIES, type Latency, type LatencyTable } from '../engine/latency.ts'
import type { LatencyQuantiles } from './run.ts'

const RANKS = [
  ['p50', 0.5],
  ['p90', 0.9],
  ['p95', 0.95],
  ['p99', 0.99],
  ['p99.9', 0.999],
  ['max', 1],
] as const satisfies readonly (readonly [keyof LatencyQuantiles, number])[]

/** The names of the quantiles, in ascending order. */
export const LATENCY_QUANTILES = RANKS.map(([name]) => name)

/** Bins and how many invocations are in each. */
type Bins = ReadonlyMap<number, number>

/** The quantiles of each latency over all apps; null when no invocation was served. */
export function latencyOf(table: LatencyTable): Record<Latency, LatencyQuantiles> | null {
  const quantiles = LATENCIES.map(
    (latency, kind) => [latency, quantilesOf(binsOf(table, kind, 0, table.apps))] as const,
  )
  if (quantiles.some(([, each]) => each === null)) return null
  return Object.fromEntries(quantiles) as Record<Latency, LatencyQuantiles>
}

/** The quantiles of one app's latency; null when none of its invocations was served. */
export function appLatency(table: LatencyTable, app: number, latency: Latency): LatencyQuantiles | null {
  return quantilesOf(binsOf(table, LATENCIES.indexOf(latency), app, app + 1))
}

function binsOf({ first, bin, count }: LatencyTable, kind: number, from: number, to: number): Bins {
  const bins = new Map<number, number>()
  for (let app = from; app < to; app += 1) {
    const row = app * LATENCIES.length + kind
    for (let at = first[row]!; at < first[row + 1]!; at += 1) bins.set(bin[at]!, (bins.get(bin[at]!) ?? 0) + count[at]!)
  }
  return bins
}

/** Nearest rank: the least value that at least the share of all invocations do not exceed. */
function quantilesOf(bins: Bins): LatencyQuantiles | null {
  const sorted = [...bins].sort(([a], [b]) => a - b)
  const total = sorted.reduce((sum, [, count]) => sum + count, 0)
  if (total === 0) return null
  let at = -1
  let reached = 0
  const values = RANKS.map(([name, share]) => {
    const rank = Math.max(1, Math.ceil(share * total))
    while (reached < rank) {
      at += 1
      reached += sorted[at]![1]
    }
    return [name, middleOf(sorted[at]![0])] as const
  })
  return Object.fromEntries(values) as LatencyQuantiles
}
