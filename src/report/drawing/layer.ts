import type { TopLevelSpec } from 'vega-lite'

/** One layer of a chart. */
export type Layer = Extract<TopLevelSpec, { layer: unknown }>['layer'][number]
