const BLOCK_BITS = 16
const BLOCK = 1 << BLOCK_BITS
/** Cells of the first block as it is made: most columns of a small trace need no more. */
const FIRST_BLOCK = 1 << 10

/**
 * A column that grows at its end, in blocks, so that growing copies nothing. One number per cell: a column of ten million
 * cells costs ten million numbers and no objects.
 */
export class GrowingColumn {
  /** How many cells there are. */
  length = 0
  /** How many cells the blocks hold room for. */
  private room = 0
  private readonly blocks: (Uint32Array | Float64Array)[] = []
  private readonly make: (length: number) => Uint32Array | Float64Array

  /** A column of whole numbers from 0 to 2^32 - 1 (`uint32`), or of any numbers (`float64`). */
  constructor(kind: 'uint32' | 'float64') {
    this.make = kind === 'uint32' ? (length) => new Uint32Array(length) : (length) => new Float64Array(length)
  }

  /** Adds a cell at the end. */
  push(value: number): void {
    const { length } = this
    if (length === this.room) this.extend()
    this.blocks[length >>> BLOCK_BITS]![length & (BLOCK - 1)] = value
    this.length = length + 1
  }

  /** Makes room for further cells: the first block doubles until it is whole, then whole blocks follow. */
  private extend(): void {
    const { blocks, room } = this
    if (room < BLOCK) {
      const first = this.make(room === 0 ? FIRST_BLOCK : 2 * room)
      if (room > 0) first.set(blocks[0]!)
      blocks[0] = first
      this.room = first.length
    } else {
      blocks.push(this.make(BLOCK))
      this.room = room + BLOCK
    }
  }

  /** The cell at `index`; 0 at the end and beyond it. */
  at(index: number): number {
    if (index >= this.length) return 0
    return this.blocks[index >>> BLOCK_BITS]![index & (BLOCK - 1)]!
  }

  /** Overwrites the cell at `index`; at the end or beyond it, the column grows there with zeros between. */
  set(index: number, value: number): void {
    while (this.length <= index) this.push(0)
    this.blocks[index >>> BLOCK_BITS]![index & (BLOCK - 1)] = value
  }
}

/** The columns that {@link grown} makes longer. */
type ResizableColumn = Int32Array | Uint32Array | Uint16Array | Float64Array

/**
 * A column of the same kind with room for `length` cells: those of `column`, and then `fill`. For columns of hot loops,
 * which read their memory in one piece; whoever grows them doubles their length, so that each cell is moved but once on
 * the whole.
 */
export function grown<T extends ResizableColumn>(column: T, length: number, fill = 0): T {
  const longer = new (column.constructor as new (length: number) => T)(length)
  longer.set(column)
  if (fill !== 0) longer.fill(fill, column.length)
  return longer
}
