import { DefectLog } from '../build/defect-log.ts'
import { Columns } from './row-columns.ts'
import { defectsOf } from './mapping-defects.ts'
import { EventReader, type ReadRow } from './event-reader.ts'
import type { Mapping } from './mapping.ts'
import { readMappedRows } from './mapped-rows.ts'
import { traceIdOf } from '../trace-id.ts'

/** Ends the reading of a file whose first rows are enough. */
class Enough extends Error {}

/** The first rows of a file as a mapping reads them; rows that its filters leave out are among them. */
export async function previewRows(path: string, mapping: Mapping, most: number): Promise<readonly ReadRow[]> {
  const columns = new Columns()
  const defects = new DefectLog(defectsOf([mapping]))
  const source = { id: traceIdOf(path), format: 'mapping' }
  const reader = new EventReader({ mapping, columns, defects, source, where: path, origin: mapping.origin })
  const file = columns.wanted.find(([column]) => column === 'file')?.[1]
  if (file !== undefined) columns.set(file, traceIdOf(path))
  const rows: ReadRow[] = []
  const wanted = { read: mapping.read, pattern: mapping.pattern, columns, except: new Set(['file']) }
  try {
    await readMappedRows(path, wanted, {
      onRow(line) {
        reader.onRow({ path, line })
        rows.push(reader.readRow)
        if (rows.length === most) throw new Enough()
      },
      onOther() {},
    })
  } catch (error) {
    if (!(error instanceof Enough)) throw error
  }
  return rows
}
