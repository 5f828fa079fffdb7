const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']

/** Counts as bars, the highest for `most`; a blank for 0. */
export function bars(counts: readonly number[], most: number): string {
  return counts
    .map((count) => (count === 0 ? ' ' : BARS[Math.min(BARS.length - 1, Math.floor((count / most) * BARS.length))]))
    .join('')
}
