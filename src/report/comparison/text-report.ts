import { largest } from '../../core/largest.ts'
import { styleText } from 'node:util'
import type { Comparison } from '../../metrics/comparison.ts'
import { told } from '../../language/language.ts'
import { printable } from '../../core/printable.ts'
import { displayWidth, toLeft, toRight } from './aligned.ts'
import { groupsTable, holdsRest, holdsTable, type TextTable, trustText } from './decision-lines.ts'
import { measuredTables } from './measured-tables.ts'
import { provenance } from './provenance.ts'
import { type MetricCell, headlines, metricTable } from './metric-table.ts'

/** How a comparison is printed. */
export interface TextOptions {
  /** Whether the terminal shows colours. Default: false. */
  readonly colour?: boolean
  /** Letters that a line has room for. Default: 160. */
  readonly width?: number
}

const GAP = '  '
/** Longer labels stand on a line of their own, with their figures below, where a line has no room for them. */
const LABEL_WIDTH = 32
const HEADING_WIDTH = 9
/** What is no terminal, such as a file, has room for this many letters in a line. */
const WIDEST = 160

/** A comparison as aligned lines for a terminal, ending in a line end; tables too wide for it continue below. */
export function textReport(comparison: Comparison, { colour = false, width = WIDEST }: TextOptions = {}): string {
  const safe = printable(comparison)
  const paint = painter(colour)
  const facts = provenance(safe).map(({ term, text }) => `${paint.dim(toLeft(term, 9))} ${text}`)
  const { language } = safe
  const { verdict } = safe.decision
  const head = [
    paint.bold(safe.experiment),
    ...(safe.decision.candidates.length === 0
      ? []
      : [`${paint.dim(toLeft(told(language, 'fact.verdict'), 9))} ${paint.bold(verdict.text)}`]),
    ...(safe.decision.candidates.length === 0
      ? []
      : [`${paint.dim(toLeft(told(language, 'fact.trust'), 9))} ${trustText(safe)}`]),
  ]
  const tables = [
    ...tableLines(safe, paint, width),
    ...decisionLines(safe, paint, width),
    ...measuredLines(safe, paint, width),
  ]
  return [...head, ...facts, '', ...tables, ''].join('\n')
}

/** Whether the ranking holds in all worlds, and rows over seeds, where there are several of either. */
function decisionLines(comparison: Comparison, paint: Painter, width: number): string[] {
  const [holds, groups] = [holdsTable(comparison), groupsTable(comparison)]
  const changes = comparison.decision.changes.slice(0, MOST_CHANGES).map(({ text }) => text)
  return [
    ...(groups === undefined ? [] : ['', ...textTable(groups, paint, width)]),
    ...(holds === undefined ? [] : ['', ...textTable(holds, paint, width), ...holdsRest(comparison), ...changes]),
  ]
}

/** What was measured on the platform beside the runs, where the trace tells of it. */
function measuredLines(comparison: Comparison, paint: Painter, width: number): string[] {
  return measuredTables(comparison).flatMap(({ title, table, rest }) => [
    '',
    paint.bold(title),
    ...textTable(table, paint, width),
    ...(rest === undefined ? [] : [rest]),
  ])
}

const MOST_CHANGES = 8

function textTable({ heads, rows }: TextTable, paint: Painter, width: number): string[] {
  const [name = '', ...titles] = heads
  const columns = titles.map((title, column) => ({ head: [title], cells: rows.map((row) => plain(row[column + 1]!)) }))
  const labels = rows.map(([label = '']) => label)
  return gridLines({ name, labels, columns }, paint, width)
}

function plain(text: string): PaintedCell {
  return { text, best: false }
}

function tableLines(comparison: Comparison, paint: Painter, width: number): string[] {
  const { metrics, rows } = metricTable(comparison, headlines(comparison))
  if (rows.length === 0) return [told(comparison.language, 'verdict.noRuns')]
  const columns = metrics.map(({ heading, unit }, column) => ({
    head: [...wrapped(heading), unit],
    cells: rows.map(({ cells }) => cells[column]!),
  }))
  return gridLines(
    { name: told(comparison.language, 'table.run'), labels: rows.map(({ run }) => run.label), columns },
    paint,
    width,
  )
}

type PaintedCell = Pick<MetricCell, 'text' | 'best'>

/** Rows with labels, and columns whose heads may have several lines. */
interface Grid {
  readonly name: string
  readonly labels: readonly string[]
  readonly columns: readonly { readonly head: readonly string[]; readonly cells: readonly PaintedCell[] }[]
}

/** No line is wider than `width` but for one label or column alone: columns that have no room continue below. */
function gridLines({ name, labels, columns }: Grid, paint: Painter, width: number): string[] {
  const widths = columns.map(({ head, cells }) =>
    largest([...head, ...cells.map(({ text }) => text)].map(displayWidth)),
  )
  const longest = largest([name, ...labels].map(displayWidth))
  const figures = widths.reduce((sum, own) => sum + GAP.length + own, 0)
  const labelWidth = longest + figures <= width ? longest : Math.min(LABEL_WIDTH, longest)
  const depth = largest(columns.map(({ head }) => head.length))
  return bandsOf(widths, Math.max(1, width - labelWidth)).flatMap((band, index) => {
    const heads = Array.from({ length: depth }, (_, row) => {
      const texts = band.map((column) => toRight(atBottom(columns[column]!.head, depth)[row]!, widths[column]!))
      return paint.dim(line(toLeft(row === depth - 1 ? name : '', labelWidth), texts))
    })
    const body = labels.flatMap((label, row) => {
      const texts = band.map((column) => padded(columns[column]!.cells[row]!, widths[column]!, paint))
      if (displayWidth(label) <= labelWidth) return [line(toLeft(label, labelWidth), texts)]
      return [label, line(toLeft('', labelWidth), texts)]
    })
    return [...(index === 0 ? [] : ['']), ...heads, ...body]
  })
}

/** Positions of columns, as many in a band as have room in it. */
function bandsOf(widths: readonly number[], room: number): number[][] {
  const bands: number[][] = []
  let used = 0
  for (const [column, own] of widths.entries()) {
    const band = bands.at(-1)
    used += GAP.length + own
    if (band !== undefined && used <= room) band.push(column)
    else {
      bands.push([column])
      used = GAP.length + own
    }
  }
  return bands
}

function line(label: string, texts: readonly string[]): string {
  return [label, ...texts].join(GAP).trimEnd()
}

function padded({ text, best }: PaintedCell, width: number, paint: Painter): string {
  const aligned = toRight(text, width)
  // Only the figure is painted, not the spaces before it.
  return best ? aligned.slice(0, aligned.length - text.length) + paint.best(text) : aligned
}

/** A heading in lines of about {@link HEADING_WIDTH} letters, broken between words. */
function wrapped(heading: string): string[] {
  const lines: string[] = []
  for (const word of heading.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && displayWidth(last) + 1 + displayWidth(word) <= HEADING_WIDTH)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

function atBottom(lines: readonly string[], depth: number): string[] {
  return [...Array.from({ length: depth - lines.length }, () => ''), ...lines]
}

interface Painter {
  bold(text: string): string
  dim(text: string): string
  best(text: string): string
}

function painter(colour: boolean): Painter {
  const style =
    (format: Parameters<typeof styleText>[0]) =>
    (text: string): string =>
      colour ? styleText(format, text, { validateStream: false }) : text
  return { bold: style('bold'), dim: style('dim'), best: style('green') }
}
