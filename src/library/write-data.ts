import { dataFiles, type DataSource } from '../data/export-data.ts'
import { DATA_FORMATS } from '../data/formats/index.ts'
import { writeOwnFolder } from '../files/own-folder.ts'

/** How results are written as tables. */
export interface WriteDataOptions {
  /** Ids of the list {@link DATA_FORMATS | dataFormats}; by default all. */
  readonly formats?: readonly string[]
  /** Write to a folder that holds other files as well; by default it is refused. */
  readonly force?: boolean
}

/**
 * Writes finished runs as tables to a folder, as `pilotlight data` does: all files or none. Gives their names. Throws a
 * UserError for a format that there is not, and for a folder that holds something else.
 */
export async function writeData(
  source: DataSource,
  folder: string,
  { formats = DATA_FORMATS.ids, force = false }: WriteDataOptions = {},
): Promise<readonly string[]> {
  const files = dataFiles(
    source,
    formats.map((id) => DATA_FORMATS.get(id, 'formats')),
  )
  await writeOwnFolder(folder, files, { force, isAll: true })
  return files.map(({ path }) => path)
}
