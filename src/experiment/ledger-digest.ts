import { createHash } from 'node:crypto'
import { tellingBytes } from '../engine/ledger.ts'
import { DAY_ACCOUNTS, type FinishedRun } from '../metrics/run.ts'

/**
 * SHA-256 (hex) of the accounts of a run: every account of every app, loaded memory over time, the distributions of
 * latencies and the judged days, as little-endian doubles in this order. Equal digests, equal figures to the last bit.
 */
export function ledgerDigest({ ledger, days }: Pick<FinishedRun, 'ledger' | 'days'>): string {
  const hash = createHash('sha256').update(tellingBytes(ledger))
  if (ledger.latency !== null) {
    const { first, bin, count } = ledger.latency
    for (const column of [first, bin, count]) hash.update(bytesOf(Float64Array.from(column)))
  }
  for (const day of days ?? []) for (const account of DAY_ACCOUNTS) hash.update(bytesOf(day[account]))
  return hash.digest('hex')
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}
