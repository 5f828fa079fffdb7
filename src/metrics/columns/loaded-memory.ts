import { exactSum } from '../../core/exact-sum.ts'
import { formatQuantity } from '../format.ts'
import type { Metric } from '../metric.ts'

export const loadedMemory: Metric = {
  id: 'loaded-memory',
  summary: 'Memory that was loaded on average over the trace’s time.',
  heading: 'mean loaded',
  unit: 'MB',
  better: 'lower',
  headline: false,
  of: ({ charts: { loadedMb, bucketMs } }, { horizonMs }) => {
    const width = (bucket: number): number => Math.min(bucketMs, horizonMs - bucket * bucketMs)
    return horizonMs === 0 ? null : exactSum(loadedMb.map((mb, bucket) => mb * width(bucket))) / horizonMs
  },
  format: formatQuantity,
}
