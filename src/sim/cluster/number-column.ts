/** Numbers that are kept in one piece. */
const PIECE_BITS = 20
const PLACE = 2 ** PIECE_BITS - 1

/** A column of whole numbers from 0 up to 2^32 - 1 that grows at its end by pieces, so that none is ever copied. */
export class NumberColumn {
  private readonly pieces: Uint32Array[] = []

  /** Only rows that were set. */
  get(row: number): number {
    return this.pieces[row >>> PIECE_BITS]![row & PLACE]!
  }

  set(row: number, value: number): void {
    const piece = row >>> PIECE_BITS
    while (piece >= this.pieces.length) this.pieces.push(new Uint32Array(2 ** PIECE_BITS))
    this.pieces[piece]![row & PLACE] = value
  }
}
