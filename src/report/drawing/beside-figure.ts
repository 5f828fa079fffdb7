import type { Comparison } from '../../metrics/comparison.ts'
import { ENGLISH, told } from '../../language/language.ts'
import { csvRow } from '../../metrics/csv-row.ts'
import { bibtex } from '../comparison/citation.ts'
import { provenance } from '../comparison/provenance.ts'
import { printable } from '../../core/printable.ts'
import { type Material, type ReportFile, textFile } from '../renderer.ts'
import { chartTheme } from './chart-theme.ts'
import { drawnChart } from './drawn-chart.ts'
import { pictures } from './picture.ts'

/**
 * What stands beside each figure: its caption, the entry for a bibliography, the data that it shows as CSV, and its
 * Vega-Lite specification.
 */
export async function besideFigures(comparison: Comparison, material: Material): Promise<readonly ReportFile[]> {
  const safe = printable(comparison)
  const drawn = await pictures(comparison, material)
  return drawn.flatMap(({ id, chart, spec, look }) => {
    // Files for programs have the same names and values in every language.
    const plain = safe.language.id === ENGLISH.id ? spec : drawnChart(chart, { ...safe, language: ENGLISH }, look)
    const data = dataOf(plain)
    const source = {
      $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
      config: chartTheme('white', look),
      ...spec,
    }
    return [
      textFile(`${id}.caption.txt`, captionOf(titleOf(drawnChart(chart, safe)), safe)),
      textFile(`${id}.bib`, bibtex(safe)),
      ...(data === undefined ? [] : [textFile(`${id}.csv`, data)]),
      textFile(`${id}.vl.json`, `${JSON.stringify(source, null, 2)}\n`),
    ]
  })
}

function titleOf(drawing: object): readonly string[] {
  const { title } = drawing as {
    readonly title?: string | { readonly text: string; readonly subtitle?: string | string[] }
  }
  if (title === undefined) return []
  return typeof title === 'string' ? [title] : [title.text, ...[title.subtitle ?? []].flat()]
}

function captionOf(titles: readonly string[], comparison: Comparison): string {
  const { language } = comparison
  const end = told(language, 'verdict.end')
  const sentences = titles.map((text) => (/[.!?。！？]$/.test(text) ? text : text + end))
  const facts = provenance(comparison).map(({ term, text }) => `${term}: ${text}`)
  const experiment = `${capital(told(language, 'fact.experiment'))}: ${comparison.experiment}`
  return `${sentences.join(' ')}\n\n${[experiment, ...facts].join('; ')}${end}\n`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

type FigureRow = Readonly<Record<string, unknown>>

/** The rows of the layer that has the most of them; undefined where they are not in the specification. */
function dataOf(spec: object): string | undefined {
  const { data, layer = [] } = spec as {
    readonly data?: { readonly values?: FigureRow[] }
    readonly layer?: { readonly data?: { readonly values?: FigureRow[] } }[]
  }
  const lists = [data, ...layer.map((each) => each.data)].flatMap((each) =>
    Array.isArray(each?.values) ? [each.values] : [],
  )
  const [rows] = lists.toSorted((a, b) => b.length - a.length)
  if (rows === undefined || rows.length === 0) return undefined
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const cells = rows.map((row) => csvRow(names.map((name) => cellOf(row[name]))))
  return `${[csvRow(names), ...cells].join('\n')}\n`
}

function cellOf(value: unknown): string | number {
  if (typeof value === 'number' || typeof value === 'string') return value
  return value === null || value === undefined ? '' : JSON.stringify(value)
}
