import type { ColumnMetaData, DataReader } from 'hyparquet'
import { parquetHeader } from 'hyparquet/src/column.js'

/**
 * Walks over the pages of a column's chunk without unpacking them, and throws an Error for headers that cannot be: the
 * library believes them, and with a size that is missing or negative it reads the same page for ever.
 *
 * @param chunk The bytes from the column's first page on.
 * @param column What the file says of it.
 */
export function demandSoundPages(chunk: ArrayBuffer, column: ColumnMetaData): void {
  const wanted = Number(column.num_values)
  const reader: DataReader = { view: new DataView(chunk), offset: 0 }
  let values = 0
  while (values < wanted && reader.offset < chunk.byteLength) {
    const header = parquetHeader(reader)
    const { compressed_page_size: size, uncompressed_page_size: unpacked } = header
    demand(isCount(size) && reader.offset + size <= chunk.byteLength, 'a page is larger than its column')
    demand(isCount(unpacked), 'a page has no size')
    const { data_page_header: first, data_page_header_v2: second, dictionary_page_header: dictionary } = header
    if (header.type === 'DICTIONARY_PAGE') {
      // A value takes a bit at least.
      demand(isCount(dictionary?.num_values) && dictionary!.num_values <= 8 * unpacked, 'a dictionary has no size')
    } else {
      const count = header.type === 'DATA_PAGE' ? first?.num_values : second?.num_values
      demand(isCount(count), 'a page does not say how many values it has')
      values += count!
      demand(values <= wanted, `a page has ${count} values, which are more than the column has`)
    }
    if (header.type === 'DATA_PAGE_V2') {
      const { num_nulls: nulls, num_rows: rows } = second!
      const { definition_levels_byte_length: definitions, repetition_levels_byte_length: repetitions } = second!
      demand([nulls, rows, definitions, repetitions].every(isCount), 'a page lacks a size')
      demand(nulls <= second!.num_values && rows <= second!.num_values, 'a page has more rows than values')
      demand(definitions + repetitions <= size, 'the levels of a page are larger than it')
    }
    reader.offset += size
  }
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0
}

function demand(isSo: boolean, problem: string): asserts isSo {
  if (!isSo) throw new Error(problem)
}
