import type { Described } from '../core/registry.ts'
import type { Content } from '../files/replace-file.ts'
import type { DataTable } from './data-table.ts'

/** A format in which tables leave pilotlight; the id is also the ending of its files. */
export interface DataFormat extends Described {
  /** The bytes of a table, written batch by batch. `notes` say where the data come from, for formats that can hold them. */
  content(table: DataTable, notes: Readonly<Record<string, string>>): Content
}
