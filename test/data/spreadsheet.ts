import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { escapeXml } from '../../src/report/drawing/safe-html.ts'

/** Gnumeric's converter, which computes the formulas of a workbook. */
export const hasSpreadsheet = spawnSync('ssconvert', ['--version']).status === 0

/** A table of a workbook: rows of texts, the first of which are its headings. */
export type Sheet = readonly (readonly string[])[]

/** A column that is added to a table: its heading, and a formula that names columns as Excel does. */
export interface AddedColumn {
  readonly table: string
  readonly heading: string
  readonly formula: string
}

/** The letters of a column: A, B, … Z, AA. */
function letters(column: number): string {
  const last = String.fromCodePoint(65 + (column % 26))
  return column < 26 ? last : letters(Math.floor(column / 26) - 1) + last
}

/**
 * A formula of a row of a table with the cells in place of the names: `apps[cold_starts]` is the whole column, and
 * `[@[cold_starts]]` the cell of the same row. Throws for a column that is not there.
 */
export function withCells(formula: string, sheets: ReadonlyMap<string, Sheet>, table: string, row: number): string {
  const columnOf = (name: string, column: string): string => {
    const at = sheets.get(name)?.[0]?.indexOf(column) ?? -1
    if (at < 0) throw new Error(`${name} has no column ${column}`)
    return letters(at)
  }
  return formula
    .replaceAll(
      /\[@(?:\[(\w+)\]|(\w+))\]/g,
      (_, one?: string, other?: string) => `${columnOf(table, one ?? other!)}${row}`,
    )
    .replaceAll(/(\w+)\[(\w+)\]/g, (_, name: string, column: string) => {
      const letter = columnOf(name, column)
      return `${name}!$${letter}$2:$${letter}$${sheets.get(name)!.length}`
    })
}

/** A workbook in which columns were added to tables, as Gnumeric computes it: the rows of each table by their headings. */
export function computed(
  tables: ReadonlyMap<string, Sheet>,
  added: readonly AddedColumn[],
): ReadonlyMap<string, Record<string, string>[]> {
  const sheets = new Map(tables)
  const folder = mkdtempSync(join(tmpdir(), 'pilotlight-spreadsheet-'))
  try {
    // A column may name one that was added before it.
    for (const { table, heading, formula } of added) {
      const [head, ...rows] = sheets.get(table)!
      const cells = rows.map((row, at) => [...row, withCells(formula, sheets, table, at + 2)])
      sheets.set(table, [[...head!, heading], ...cells])
    }
    const file = join(folder, 'book.gnumeric')
    writeFileSync(file, workbook(sheets))
    const { status, stderr } = spawnSync('ssconvert', ['-S', file, join(folder, '%s.csv')], { encoding: 'utf8' })
    if (status !== 0) throw new Error(stderr)
    return new Map(
      [...sheets.keys()].map((name) => [name, parse(readFileSync(join(folder, `${name}.csv`)), { columns: true })]),
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** In Gnumeric's format, where every formula is one of arrays, as Excel takes them since 2021. */
function workbook(sheets: ReadonlyMap<string, Sheet>): string {
  const parts = [...sheets].map(([name, rows]) => {
    const cells = rows.flatMap((row, at) => row.map((text, column) => cell(text, at, column)))
    return `<gnm:Sheet><gnm:Name>${name}</gnm:Name><gnm:Cells>${cells.join('')}</gnm:Cells></gnm:Sheet>`
  })
  const names = [...sheets.keys()].map((name) => `<gnm:SheetName>${name}</gnm:SheetName>`)
  return `<?xml version="1.0" encoding="UTF-8"?>
<gnm:Workbook xmlns:gnm="http://www.gnumeric.org/v10.dtd"><gnm:SheetNameIndex>${names.join('')}</gnm:SheetNameIndex>
<gnm:Sheets>${parts.join('')}</gnm:Sheets></gnm:Workbook>`
}

function cell(text: string, row: number, column: number): string {
  const place = `Row="${row}" Col="${column}"`
  if (text.startsWith('=')) return `<gnm:Cell ${place} Rows="1" Cols="1">${escapeXml(text)}</gnm:Cell>`
  const isNumber = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(text)
  return `<gnm:Cell ${place} ValueType="${isNumber ? 40 : 60}">${escapeXml(text)}</gnm:Cell>`
}
