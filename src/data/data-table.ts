/** What a column holds: text, numbers (which may be infinite), or whole numbers up to 2^53. */
export type ColumnKind = 'text' | 'number' | 'whole'

/** A column of a table that leaves pilotlight. */
export interface DataColumn {
  /** In snake_case, with the unit at its end where it has one. */
  readonly name: string
  readonly kind: ColumnKind
  /** The unit of its values: `ms`, `MB·s`, `%`; empty for texts, counts and shares. */
  readonly unit: string
  /** One sentence. */
  readonly describe: string
}

/** A cell; null where there is no value. */
export type DataCell = string | number | null

/** Rows column by column: one list of cells per column of the table, all equally long. */
export type Batch = readonly (readonly DataCell[])[]

/** A table as it leaves pilotlight, in batches that fit into memory however many rows there are. */
export interface DataTable {
  readonly name: string
  readonly columns: readonly DataColumn[]
  batches(): Iterable<Batch>
}

/** `coldStarts` or `cold-starts` as snake_case: `cold_starts`. */
export function snakeCase(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .toLowerCase()
}
