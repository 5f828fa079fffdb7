import { largest } from '../../core/largest.ts'
import { styleText } from 'node:util'
import type { Comparison } from '../../metrics/comparison.ts'
import { printable } from '../../core/printable.ts'
import { columnsOf, toLeft, toRight } from './aligned.ts'
import { provenance } from './provenance.ts'
import { type Cell, hasValues, tableOf } from './table.ts'

/** How a comparison is printed. */
export interface TextOptions {
  /** Whether the terminal shows colours. Default: false. */
  readonly colour?: boolean
}

const GAP = '  '
/** Longer labels stand on a line of their own, with their figures below. */
const LABEL_WIDTH = 32
const HEADING_WIDTH = 9

/** A comparison as aligned lines for a terminal of about 110 columns, ending in a line end. */
export function textReport(comparison: Comparison, { colour = false }: TextOptions = {}): string {
  const safe = printable(comparison)
  const paint = painter(colour)
  const facts = provenance(safe).map(({ term, text }) => `${paint.dim(toLeft(term, 9))} ${text}`)
  return [paint.bold(safe.experiment), ...facts, '', ...tableLines(safe, paint), ''].join('\n')
}

function tableLines(comparison: Comparison, paint: Painter): string[] {
  const { metrics, rows } = tableOf(
    comparison,
    comparison.columns.filter((metric) => metric.headline && hasValues(comparison, metric)),
  )
  if (rows.length === 0) return ['There are no finished runs.']
  const headings = metrics.map(({ heading, unit }) => [...wrapped(heading), unit])
  const depth = largest(headings.map((lines) => lines.length))
  const widths = metrics.map((_, column) =>
    largest([...headings[column]!, ...rows.map(({ cells }) => cells[column]!.text)].map(columnsOf)),
  )
  const labelWidth = Math.min(LABEL_WIDTH, largest(rows.map(({ run }) => columnsOf(run.label))))
  const head = Array.from({ length: depth }, (_, row) => {
    const texts = headings.map((lines, column) => toRight(atBottom(lines, depth)[row]!, widths[column]!))
    return paint.dim(line(toLeft(row === depth - 1 ? 'run' : '', labelWidth), texts))
  })
  const body = rows.flatMap(({ run: { label }, cells }) => {
    const texts = cells.map((cell, column) => padded(cell, widths[column]!, paint))
    if (columnsOf(label) <= labelWidth) return [line(toLeft(label, labelWidth), texts)]
    return [label, line(toLeft('', labelWidth), texts)]
  })
  return [...head, ...body]
}

function line(label: string, texts: readonly string[]): string {
  return [label, ...texts].join(GAP).trimEnd()
}

function padded({ text, best }: Cell, width: number, paint: Painter): string {
  const aligned = toRight(text, width)
  // Only the figure is painted, not the spaces before it.
  return best ? aligned.slice(0, aligned.length - text.length) + paint.best(text) : aligned
}

/** A heading in lines of about {@link HEADING_WIDTH} letters, broken between words. */
function wrapped(heading: string): string[] {
  const lines: string[] = []
  for (const word of heading.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= HEADING_WIDTH)
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
