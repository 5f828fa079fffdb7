/**
 * `pilotlight/report`: a comparison as pages, pictures and tables.
 *
 * ```ts
 * import { writeFile } from 'node:fs/promises'
 * import { renderers } from 'pilotlight/report'
 *
 * for (const { name, bytes } of await renderers.get('html', 'study').render(comparison)) await writeFile(name, bytes)
 * ```
 *
 * @packageDocumentation
 */

export type { DataSource } from '../data/export-data.ts'
export { DATA_FORMATS as dataFormats } from '../data/formats/index.ts'
export { writeData, type WriteDataOptions } from './write-data.ts'
export { METRICS as metrics } from '../metrics/index.ts'
export type { Metric } from '../metrics/metric.ts'
export type { ListedPrices } from '../metrics/prices/listed-prices.ts'
export { PRICES as prices } from '../metrics/prices/providers/index.ts'
export type { PriceTable, Rate, Size, Sizes } from '../metrics/prices/price-table.ts'
export type { BoundThere, OriginFile, ResultOrigin, RunOrigin } from '../metrics/origin.ts'
export { type ComparisonDocument, toJson } from '../metrics/to-json.ts'
export { type CardRun, type ResultCard, resultCard } from '../metrics/card.ts'
export type { Chart } from '../report/chart.ts'
export { CHARTS as charts } from '../report/charts/index.ts'
export { type TextOptions, textReport } from '../report/comparison/text-report.ts'
export type { AppAccounts, Material, Renderer, ReportFile } from '../report/renderer.ts'
export { explanationPicture } from '../report/explanation/explanation-picture.ts'
export { explanationText } from '../report/explanation/explanation-text.ts'
export type { Explanation, ToldAnswer, ToldArrival, ToldRun } from '../report/explanation/explanation.ts'
export { boardFiles } from '../study/board-files.ts'
export { paperMarkdown } from '../study/paper/paper-text.ts'
export type { FigureStyle } from '../report/figure-style.ts'
export { RENDERERS as renderers } from '../report/renderers/index.ts'
