import { exactSum } from '../../core/exact-sum.ts'
import { formatQuantity } from '../figure-text.ts'
import type { Metric } from '../metric.ts'

export const loadedMemory: Metric = {
  id: 'loaded-memory',
  summary: 'Memory that was loaded on average over the time that was judged.',
  heading: 'mean loaded',
  unit: 'MB',
  better: 'lower',
  headline: false,
  of: ({ charts: { loadedMb, bucketMs }, judged, horizonMs }) => {
    // Nothing is loaded before what is judged, and the timeline ends with it.
    const { fromMs, toMs } = judged ?? { fromMs: 0, toMs: horizonMs }
    const span = toMs - fromMs
    const width = (bucket: number): number => Math.min(bucketMs, toMs - bucket * bucketMs)
    return span === 0 ? null : exactSum(loadedMb.map((mb, bucket) => mb * width(bucket))) / span
  },
  format: formatQuantity,
}
