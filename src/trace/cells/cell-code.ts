/*
 * The cells of a function as bytes, in time order. A cell is one byte in the usual case, and up to ten:
 *   bit 0       whether the cell's minute is another one than that after the cell before
 *   bits 1-6    the lowest six bits of the count less 1
 *   bit 7       whether more of the count follows
 *   then        the rest of the count less 1, and the minutes passed over less 1, each if its bit is set: seven bits a
 *               byte, the lowest first, bit 7 set in all bytes but the last
 * Before the first cell stands minute -1.
 */

/** No cell takes more bytes. */
export const MOST_CELL_BYTES = 10

const FAR = 1
const MORE = 128
/** What the first byte holds of a count. */
const FIRST_BITS = 6
const FIRST_MASK = 2 ** FIRST_BITS - 1
const MASK = 127
/** The bits that a cell of one byte, in the minute after the cell before, does not have. */
const NOT_PLAIN = MORE | FAR

/**
 * Writes a cell at `at`, and gives where the next one goes. `gap` is its minute less that of the cell before, at least 1;
 * the count is at least 1. Hot: in `import`, once a cell.
 */
export function encodeCell(bytes: Uint8Array, at: number, gap: number, count: number): number {
  const rest = count - 1
  const far = gap === 1 ? 0 : FAR
  let to = at + 1
  if (rest <= FIRST_MASK) bytes[at] = far | (rest << 1)
  else {
    bytes[at] = MORE | far | ((rest & FIRST_MASK) << 1)
    to = encodeNumber(bytes, to, Math.floor(rest / 2 ** FIRST_BITS))
  }
  return far === 0 ? to : encodeNumber(bytes, to, gap - 2)
}

/**
 * Writes the first `length` cells of two columns, whose minutes must rise, from `at` on, and gives where the next cell
 * goes. `bytes` have room for {@link MOST_CELL_BYTES} a cell. Hot: in `import`, once a cell.
 */
export function encodeCells(
  bytes: Uint8Array,
  at: number,
  length: number,
  { minute: minutes, count: counts }: Pick<CellColumns, 'minute' | 'count'>,
): number {
  let to = at
  let before = -1
  for (let cell = 0; cell < length; cell += 1) {
    const minute = minutes[cell]!
    const gap = minute - before
    const rest = counts[cell]! - 1
    if (gap < 1) throw new Error('the cells of a run must be in time order')
    if (rest <= FIRST_MASK && gap <= MASK) {
      // The second byte is written whether it is of this cell or not, and then written over: a branch that depends on the
      // cell would be guessed wrongly too often.
      const far = (1 - gap) >>> 31
      bytes[to] = far | (rest << 1)
      bytes[to + 1] = gap - 2
      to += 1 + far
    } else to = encodeCell(bytes, to, gap, rest + 1)
    before = minute
  }
  return to
}

function encodeNumber(bytes: Uint8Array, at: number, number: number): number {
  let left = number
  let to = at
  for (; left > MASK; to += 1) {
    bytes[to] = MORE | (left & MASK)
    left = Math.floor(left / 2 ** 7)
  }
  bytes[to] = left
  return to + 1
}

/** Cells that lie open. */
export interface CellColumns {
  readonly minute: Uint32Array
  readonly count: Uint32Array
  /** The counts of the cells that were read last, added up. */
  sum: number
}

/**
 * Reads `cells` cells, the first of which begins at `at`, to rows `to` and following of the columns, and gives where the
 * cell after them begins. `before` is the minute of the cell before them. Bytes that are no cells give any numbers. Hot:
 * once a cell in every simulation of counts, measured by bench/paper.ts.
 */
export function decodeCells(
  bytes: Uint8Array,
  at: number,
  cells: number,
  columns: CellColumns,
  to = 0,
  before = -1,
): number {
  const { minute: minutes, count: counts } = columns
  const end = to + cells
  let minute = before | 0
  let from = at
  let row = to
  let sum = 0
  while (row < end) {
    const first = bytes[from]!
    const second = bytes[from + 1]!
    if (row + 4 <= end) {
      const third = bytes[from + 2]!
      const fourth = bytes[from + 3]!
      // Half of all cells stand among four like these.
      if (((first | second | third | fourth) & NOT_PLAIN) === 0) {
        minutes[row] = minute + 1
        minutes[row + 1] = minute + 2
        minutes[row + 2] = minute + 3
        minute = (minute + 4) | 0
        minutes[row + 3] = minute
        counts[row] = (first >>> 1) + 1
        counts[row + 1] = (second >>> 1) + 1
        counts[row + 2] = (third >>> 1) + 1
        counts[row + 3] = (fourth >>> 1) + 1
        sum += ((first + second + third + fourth) >>> 1) + 4
        row += 4
        from = (from + 4) | 0
        continue
      }
    }
    const far = first & FAR
    // Read whether it is of this cell or not: a branch that depends on the cell would be guessed wrongly too often.
    const next = second & -far
    // All sums are of 32 bits, as the columns are.
    let count = (((first >>> 1) & FIRST_MASK) + 1) | 0
    minute = (minute + 1 + far) | 0
    if ((first | next) < MORE) {
      minute = (minute + next) | 0
      from = (from + 1 + far) | 0
    } else {
      from = (from + 1) | 0
      if (first >= MORE) {
        let byte = MORE
        for (let shift = FIRST_BITS; byte >= MORE; shift += 7) {
          byte = bytes[from]!
          count = (count + ((byte & MASK) << shift)) | 0
          from = (from + 1) | 0
        }
      }
      if (far !== 0) {
        let byte = MORE
        for (let shift = 0; byte >= MORE; shift += 7) {
          byte = bytes[from]!
          minute = (minute + ((byte & MASK) << shift)) | 0
          from = (from + 1) | 0
        }
      }
    }
    minutes[row] = minute
    counts[row] = count
    sum += count >>> 0
    row += 1
  }
  columns.sum = sum
  return from
}

/** The buckets of an app, 32 to a word: one bit for each that has invocations, and the invocations of all 32. */
export interface ActiveBuckets {
  readonly length: number
  readonly active: Int32Array
  readonly invocations: Float64Array
}

/**
 * Adds the `cells` cells that stand from `at` up to, not including, `end` to the buckets of their app: what
 * {@link decodeCells} reads, without columns between. Gives their invocations; NaN for bytes that are not so many cells, or
 * go beyond the last bucket. Hot: measured by bench/paper.ts.
 */
export function markCells(bytes: Uint8Array, at: number, end: number, cells: number, buckets: ActiveBuckets): number {
  const { active, invocations } = buckets
  let minute = -1
  let from = at
  let all = 0
  // Cells of one word are added up before they are written: most follow each other minute by minute.
  let word = 0
  let bits = 0
  let sum = 0
  let cell = 0
  while (cell < cells) {
    const first = bytes[from]!
    const second = bytes[from + 1]!
    if (cell + 4 <= cells && ((minute + 1) & 31) <= 28 && (minute + 1) >>> 5 === word) {
      const third = bytes[from + 2]!
      const fourth = bytes[from + 3]!
      // Half of all cells stand among four like these; all four are of the word at hand.
      if (((first | second | third | fourth) & NOT_PLAIN) === 0) {
        bits |= 15 << (minute + 1)
        sum += ((first + second + third + fourth) >>> 1) + 4
        minute = (minute + 4) | 0
        cell += 4
        from = (from + 4) | 0
        continue
      }
    }
    const far = first & FAR
    // Read whether it is of this cell or not: a branch that depends on the cell would be guessed wrongly too often.
    const next = second & -far
    let count = (((first >>> 1) & FIRST_MASK) + 1) | 0
    minute = (minute + 1 + far) | 0
    if ((first | next) < MORE) {
      minute = (minute + next) | 0
      from = (from + 1 + far) | 0
    } else {
      from = (from + 1) | 0
      if (first >= MORE) {
        let byte = MORE
        for (let shift = FIRST_BITS; byte >= MORE; shift += 7) {
          byte = bytes[from]!
          count = (count + ((byte & MASK) << shift)) | 0
          from = (from + 1) | 0
        }
      }
      if (far !== 0) {
        let byte = MORE
        for (let shift = 0; byte >= MORE; shift += 7) {
          byte = bytes[from]!
          minute = (minute + ((byte & MASK) << shift)) | 0
          from = (from + 1) | 0
        }
      }
    }
    if (minute >>> 5 !== word) {
      active[word]! |= bits
      invocations[word]! += sum
      all += sum
      word = minute >>> 5
      bits = 0
      sum = 0
    }
    bits |= 1 << minute
    sum += count >>> 0
    cell += 1
  }
  active[word]! |= bits
  invocations[word]! += sum
  const isWhole = from === end && minute >>> 0 < buckets.length
  return isWhole ? all + sum : Number.NaN
}
