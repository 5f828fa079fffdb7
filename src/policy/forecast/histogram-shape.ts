import { formatDuration } from '../../core/units.ts'
import { type Contradiction, longerThan } from '../parameters.ts'

/** What makes up a histogram of idle times; the cut-offs are percentiles. */
export interface HistogramShape {
  /** In ms, like the range. */
  readonly binWidth: number
  readonly range: number
  readonly head?: number
  readonly tail?: number
}

/** A histogram that each app has for itself may have so many bins, of 4 to 8 bytes each. */
const MOST_BINS_PER_APP = 100_000

/** What is wrong with a histogram: a bin that is wider than all of it, too many bins, a head that lies above the tail. */
export function wrongShape(shape: HistogramShape, mostBins = MOST_BINS_PER_APP): Contradiction | undefined {
  const { binWidth, range, head = 0, tail = 100 } = shape
  const tooWide = longerThan({ binWidth, range }, 'binWidth', 'range')
  if (tooWide !== undefined) return tooWide
  const bins = Math.ceil(range / binWidth)
  if (bins > mostBins) {
    const problem = `expected at most ${mostBins} bins, found ${bins}: ${formatDuration(range)} in bins of ${formatDuration(binWidth)}`
    return { name: 'range', problem, hint: 'Take wider bins, or a shorter range.' }
  }
  if (head <= tail) return undefined
  return { name: 'head', problem: `expected a head of at most the tail of ${tail} %, found ${head} %` }
}
