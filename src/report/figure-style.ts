/** For whom charts are drawn: how large, in which letters and colours. */
export interface FigureStyle {
  /** The width of the plot, without its axis, in pixels; in a figure for a paper a pixel is a point. */
  readonly width: number
  /** The size of the letters of axes, labels and legends, in pixels. */
  readonly fontSize: number
  /** Whether it is a figure with a caption of its own: no title, and nothing that only a screen has room for. */
  readonly isPaper: boolean
  /** Whether there is no colour but black, white and what is between them. */
  readonly isGrey: boolean
}

/** A report on a screen. */
export const SCREEN: FigureStyle = { width: 640, fontSize: 11, isPaper: false, isGrey: false }

/** The height of a plot: as on a screen, or of the proportions that suit a column of a paper. */
export function heightOf({ width, isPaper }: FigureStyle): number {
  return isPaper ? Math.round(0.62 * width) : 340
}
