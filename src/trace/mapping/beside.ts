import { stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { exactSum } from '../../core/exact-sum.ts'
import { UserError } from '../../core/user-error.ts'
import type { SourceFile } from '../build/join-report.ts'
import { placeOf, shown } from '../table/place.ts'
import { Columns, columnsOf } from './row-columns.ts'
import { memoryAmount, timeAmount, type Amount } from './fields.ts'
import type { BesideTable, Mapping, MemoryUnit, TimeUnit } from './mapping.ts'
import { momentReader } from './row-reader.ts'
import { readMappedRows } from './mapped-rows.ts'

/** What a table of counts says, for those beside it. */
export interface CountTable {
  /** The functions of its columns, by name. */
  readonly functions: ReadonlyMap<string, number>
  /** How many invocations the function of a row number had in the bucket of a moment; 0 where it had none. */
  countOf(fn: number, ms: number): number
}

/** A mean of a function over a table, with its weight. */
export type Take = (fn: number, mean: number, weight: number) => void

/**
 * Reads a table of the shape of one of counts, with an amount in each cell, in ms or MB. A function has the mean of its
 * cells: each weighs as many invocations as its bucket has (`byCount`), or all weigh the same. Gives undefined where
 * there is no such file. Throws a {@link UserError} at the place of what is no amount.
 */
export async function readBeside(
  countsPath: string,
  { what, table, mapping, byCount }: BesideRead,
  counts: CountTable,
  take: Take,
): Promise<SourceFile | undefined> {
  const path = await fileBeside(countsPath, table.path)
  if (path === undefined) return undefined
  const columns = new Columns()
  const amount: Amount =
    what === 'duration'
      ? timeAmount(what, { from: 'cell', unit: table.unit as TimeUnit }, columns)
      : memoryAmount(what, { from: 'cell', unit: table.unit as MemoryUnit }, columns)
  const cellSlot = columns.slot('cell')
  const moment = momentReader({ mapping, columns })
  const { from } = (mapping.start ?? mapping.end)!
  const own = new Set<string | number>([...(mapping.counts?.except ?? []), ...columnsOf({ from })])
  let cells: { readonly fn: number; readonly slot: number; readonly values: number[]; readonly weights: number[] }[] =
    []
  const place = { path, line: 0 }
  const read = await readMappedRows(
    path,
    { read: mapping.read, columns, except: new Set(['cell']) },
    {
      onHeader(names) {
        cells = names.flatMap((name, index) => {
          const fn = own.has(name) || own.has(index + 1) ? undefined : counts.functions.get(name)
          return fn === undefined ? [] : [{ fn, slot: columns.slot(index + 1), values: [], weights: [] }]
        })
      },
      onRow(line) {
        place.line = line
        const ms = moment(place)
        for (const { fn, slot, values, weights } of cells) {
          if (columns.isEmpty(slot)) continue
          columns.set(cellSlot, columns.text(slot))
          const weight = byCount ? counts.countOf(fn, ms) : 1
          const value = amount(place)
          if (value === undefined || weight === 0 || (what === 'memory' && value === 0)) continue
          values.push(value)
          weights.push(weight)
        }
      },
      onOther(text, line) {
        throw new UserError({ where: placeOf(path, line), problem: `a row was expected, found ${shown(text)}` })
      },
    },
  )
  for (const { fn, values, weights } of cells) {
    const weight = exactSum(weights)
    if (weight > 0) take(fn, exactSum(values.map((value, index) => value * weights[index]!)) / weight, weight)
  }
  const name = path === table.path ? basename(path) : join(basename(table.path), basename(path))
  return { path: name, table: what, rows: read.rows, bytes: read.bytes }
}

interface BesideRead {
  readonly what: 'duration' | 'memory'
  readonly table: BesideTable<string>
  readonly mapping: Mapping
  readonly byCount: boolean
}

/** The file itself, or in a folder the one of the name that the counts have. */
async function fileBeside(countsPath: string, path: string): Promise<string | undefined> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
  if (!isFolder) return path
  const file = join(path, basename(countsPath))
  return stat(file).then(
    () => file,
    () => undefined,
  )
}
