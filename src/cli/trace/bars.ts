const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']

/** Counts as bars, the highest for `most`; nothing where there is none. */
export function bars(counts: readonly number[], most: number): string {
  return counts
    .map((count) => (count === 0 ? ' ' : BARS[Math.min(BARS.length - 1, Math.floor((count / most) * BARS.length))]))
    .join('')
}
