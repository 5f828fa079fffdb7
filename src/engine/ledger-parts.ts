import { joinedTables } from './latency.ts'
import { ACCOUNTS, createLedger, type Ledger, MARKED_ACCOUNTS, STAGE_ACCOUNTS } from './ledger.ts'

const COLUMNS = [...ACCOUNTS, ...STAGE_ACCOUNTS]

/** One of several parts of a run, each of other apps: the second of four is `{ part: 2, parts: 4 }`. */
export interface PartOf {
  /** From 1 to `parts`. */
  readonly part: number
  readonly parts: number
}

/**
 * The rows `from` up to, not including, `to` of a ledger as a ledger of their own, where no other row has accounts: its
 * timeline and its latencies, which are of these rows alone, are kept as they are.
 */
export function cutLedger(ledger: Ledger, horizonMs: number, from: number, to: number): Ledger {
  const marksMs = ledger.marks.map(({ atMs }) => atMs)
  const part = createLedger(to - from, horizonMs, undefined, ledger.accountFromMs, marksMs)
  for (const account of COLUMNS) part[account].set(ledger[account].subarray(from, to))
  for (const [at, mark] of part.marks.entries()) {
    for (const account of MARKED_ACCOUNTS) mark[account].set(ledger.marks[at]![account].subarray(from, to))
  }
  part.timeline.area.set(ledger.timeline.area)
  part.timeline.slope.set(ledger.timeline.slope)
  part.latency = ledger.latency
  return part
}

/**
 * The ledgers of consecutive apps, in their order, as one. Timelines are sums of whole numbers, so that the result is equal
 * to the last bit to that of a run that was never cut.
 */
export function joinedLedger(parts: readonly Ledger[], horizonMs: number): Ledger {
  const apps = parts.reduce((sum, part) => sum + part.apps, 0)
  const ledger = createLedger(apps, horizonMs, undefined, parts[0]?.accountFromMs)
  let row = 0
  for (const part of parts) {
    for (const account of COLUMNS) ledger[account].set(part[account], row)
    addTo(ledger.timeline.area, part.timeline.area)
    addTo(ledger.timeline.slope, part.timeline.slope)
    row += part.apps
  }
  const tables = parts.map(({ latency }) => latency)
  if (tables.every((table) => table !== null)) ledger.latency = joinedTables(tables)
  return ledger
}

/** Adds columns of whole numbers, in which the order changes nothing. */
export function addTo(sum: Float64Array, part: Float64Array): void {
  for (let row = 0; row < sum.length; row += 1) sum[row]! += part[row]!
}
