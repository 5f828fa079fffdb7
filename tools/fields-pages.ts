// The pages of the documentation that list every field of JSON, every column of CSV and Parquet, and every column of the store.
import { curveColumns } from '../src/cli/curve/curve-files.ts'
import { OVER_TIME_COLUMNS, PER_APP_COLUMNS } from '../src/cli/trace/calibration-files.ts'
import type { DataColumn } from '../src/data/data-table.ts'
import { tablesOf } from '../src/data/export-data.ts'
import type { Comparison } from '../src/metrics/comparison.ts'
import type { CsvColumn } from '../src/metrics/csv-table.ts'
import { METRICS } from '../src/metrics/index.ts'
import { PER_APP_HEADER } from '../src/metrics/per-app.ts'
import type { TraceSummary } from '../src/metrics/run.ts'
import { boardColumns } from '../src/report/board/board-csv.ts'
import { comparisonColumns } from '../src/report/renderers/csv.ts'
import { SCHEMA } from '../src/store/store-tables.ts'
import { CELL_MEANINGS, MEANINGS } from './field-meanings.ts'
import type { Field, Printed } from './fields.ts'
import { table } from './markdown-table.ts'

/** Fields of an object that was told before are not told again from so many on. */
const WORTH_A_REFERENCE = 6

/** docs/fields-json.md: a table of fields for each document that a command prints. */
export function jsonPage(printed: readonly Printed[]): string {
  const known = new Map<string, string>()
  // What most others have parts of comes first.
  const commands = printed.toSorted((a, b) => Number(b.command === 'run') - Number(a.command === 'run'))
  const sections = commands.map(({ command, documents }) => {
    const tables = documents.map((fields) => fieldRows(fields, command, known))
    return [`## \`${command} --json\``, ...tables.map((rows) => table(['field', 'is', 'what it is'], rows))].join(
      '\n\n',
    )
  })
  return `# Every field of JSON

This page is generated from the types of what commands print: \`npm run docs\`. \`[]\` stands for each member of a list, and
\`<name>\` for a key of the user's own, such as a parameter. A command with two tables prints one or the other: \`run\` with and
without \`--dry-run\`, \`trace\` without and with \`--report\`, \`explain\` with \`--worst\` and with \`--app\`, \`live\` by its second word.
An infinite number is the text \`Infinity\`. Fields may be added; those that are there keep their meaning.

What experiments, live files, mappings, price tables and result cards hold is told by their [JSON Schemas](fields.md).

${sections.join('\n\n')}
`
}

/** Rows of a document; an object whose fields were told before is told by where. */
function fieldRows(fields: readonly Field[], command: string, known: Map<string, string>): string[][] {
  const rows: string[][] = []
  let skipped: string | undefined
  for (const { path, kind, meaning } of fields) {
    if (skipped !== undefined && isWithin(path, skipped)) continue
    skipped = undefined
    const inner = fields.filter((other) => isWithin(other.path, path))
    const key = inner.map((field) => `${field.path.slice(path.length)} ${field.kind}`).join('\n')
    const told = inner.length < WORTH_A_REFERENCE ? undefined : known.get(key)
    if (told === undefined) {
      if (inner.length > 0) known.set(key, `\`${path}\` of \`${command}\``)
      rows.push([`\`${path}\``, kind, meaning])
    } else {
      skipped = path
      rows.push([`\`${path}\``, kind, `${meaning} Fields as of ${told}.`.trim()])
    }
  }
  return rows
}

function isWithin(path: string, outer: string): boolean {
  return path.startsWith(`${outer}.`) || path.startsWith(`${outer}[]`)
}

/** Columns of the tables of `pilotlight data`. */
export function dataColumns(): string {
  const empty = { columns: METRICS.all, runs: [] } as unknown as Comparison
  return tablesOf({ comparison: empty, runs: [], namesOf: () => [] })
    .map(({ name, columns }) => {
      const rows = columns.map(({ name: column, kind, unit, describe }: DataColumn) => [
        `\`${column}\``,
        kind,
        unit,
        describe,
      ])
      return `### \`${name}\`\n\n${table(['column', 'kind', 'unit', 'what it is'], rows)}`
    })
    .join('\n\n')
}

/** Columns of the smaller CSV files, one table for each. */
export function csvColumns(): string {
  const nowhere = { id: '', digest: '' } as TraceSummary
  const comparison = { experiment: '', trace: nowhere, baseline: '' }
  const study = { eviction: 'lru' as const, model: {}, seed: 0, trace: nowhere, version: '' }
  const files: readonly (readonly [file: string, columns: readonly Pick<CsvColumn<never>, 'name' | 'describe'>[]])[] = [
    ['`comparison.csv` of `report --format csv`', comparisonColumns([], comparison)],
    ['`board.csv` of `board`', boardColumns([])],
    ['`curve.csv` of `curve --out`', curveColumns(study)],
    ['`per-app.csv` of `calibrate --report`', PER_APP_COLUMNS],
    ['`over-time.csv` of `calibrate --report`', OVER_TIME_COLUMNS],
  ]
  return files
    .map(([file, columns]) => {
      const rows = columns.map(({ name, describe }) => [`\`${name}\``, describe])
      return `### ${file}\n\n${table(['column', 'what it is'], rows)}`
    })
    .join('\n\n')
}

/** Columns of the file that `run --per-app` writes. */
export function perAppColumns(): string {
  return table(
    ['column', 'what it is'],
    PER_APP_HEADER.split(',').map((column) => [`\`${column}\``, perAppMeaning(column)]),
  )
}

function perAppMeaning(column: string): string {
  const [, latency, quantile] = /^(\w+)Ms (p[\d.]+|max)$/.exec(column) ?? []
  if (latency !== undefined) return `${MEANINGS[latency]} ${MEANINGS[quantile!]} Empty in a world without time.`
  return CELL_MEANINGS[column] ?? MEANINGS[column] ?? ''
}

/** A table of the store. */
export interface StoreTable {
  readonly name: string
  readonly meaning: string
  readonly columns: readonly { readonly name: string; readonly kind: string; readonly meaning: string }[]
}

/** Of tables that the statements say nothing of. */
const TABLE_MEANINGS: Readonly<Record<string, string>> = {
  trace: 'A trace that runs are of.',
  run: 'A finished run. It stands by itself: several experiments may have it.',
  experiment: 'An experiment as it was last run.',
}

/** The tables of a store, as the statements that make it tell them. */
export function storeTables(): StoreTable[] {
  return [...SCHEMA.matchAll(/((?:^-- .*\n)*)^CREATE TABLE (\w+) \(\n([\s\S]*?)^\) STRICT;/gm)].map(
    ([, comment = '', name = '', body = '']) => {
      let above = ''
      const columns = body.split('\n').flatMap((line) => {
        const text = line.trim()
        if (text.startsWith('-- ')) above = `${above} ${text.slice(3)}`.trim()
        const [, column, kind, rest = ''] = /^([a-z_]+) (TEXT|INTEGER|REAL|BLOB)\b(.*)/.exec(text) ?? []
        if (column === undefined) return []
        const meaning = CELL_MEANINGS[`${name}.${column}`] ?? (above || CELL_MEANINGS[column] || '')
        above = ''
        return [{ name: column, kind: kind! + (/NOT NULL|PRIMARY/.test(rest) ? '' : ' or NULL'), meaning }]
      })
      return { name, meaning: comment.replaceAll(/^-- /gm, '').trim() || TABLE_MEANINGS[name] || '', columns }
    },
  )
}

/** The same as sections of a page. */
export function storeColumns(): string {
  return storeTables()
    .map(({ name, meaning, columns }) => {
      const rows = columns.map((column) => [`\`${column.name}\``, column.kind, column.meaning])
      return `### \`${name}\`\n\n${meaning}\n\n${table(['column', 'kind', 'what it is'], rows)}`
    })
    .join('\n\n')
}
