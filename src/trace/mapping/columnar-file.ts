import { firstBytes } from '../table/source-bytes.ts'
import { openArrow } from './arrow-file.ts'
import type { ColumnarFile } from './columnar-rows.ts'
import { openParquet } from './parquet-file.ts'

/** The kinds of files that hold columns of values, with the bytes that they begin with. */
const KINDS = {
  parquet: { begins: 'PAR1', open: openParquet },
  arrow: { begins: 'ARROW1', open: openArrow },
} as const
export type ColumnarKind = keyof typeof KINDS
const COLUMNAR_KINDS = Object.keys(KINDS) as readonly ColumnarKind[]

/** The kind of a file that holds columns of values; undefined of any other. */
export async function columnarKindOf(path: string): Promise<ColumnarKind | undefined> {
  const begin = Buffer.from(await firstBytes(path, 8)).toString('latin1')
  return COLUMNAR_KINDS.find((kind) => begin.startsWith(KINDS[kind].begins))
}

/** Opens a file of that kind. Throws a UserError for one that is none or is damaged. */
export async function openColumnar(path: string, kind: ColumnarKind): Promise<ColumnarFile> {
  return KINDS[kind].open(path)
}
