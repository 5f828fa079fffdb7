import type { StoredRun } from './runs.ts'

/** The accounts of every app of a run: all but a few bytes of it. */
export type RunAccounts = Pick<StoredRun, 'ledger' | 'days' | 'memoryMb'>

/** Accounts that are kept in memory, in bytes; those of ordinary experiments are all, and are read once. */
const MOST_BYTES = 256 * 1024 ** 2

/** The accounts that were asked for last. */
export class KeptAccounts {
  private readonly kept = new Map<string, { readonly accounts: RunAccounts; readonly bytes: number }>()
  private bytes = 0
  private readonly most: number

  constructor(most = MOST_BYTES) {
    this.most = most
  }

  get(digest: string): RunAccounts | undefined {
    const found = this.kept.get(digest)
    if (found === undefined) return undefined
    // The last of the map is that which was asked for last.
    this.kept.delete(digest)
    this.kept.set(digest, found)
    return found.accounts
  }

  add(digest: string, accounts: RunAccounts): void {
    this.forget(digest)
    const bytes = bytesOf(accounts)
    this.kept.set(digest, { accounts, bytes })
    this.bytes += bytes
    for (const oldest of this.kept.keys()) {
      if (this.bytes <= this.most || oldest === digest) break
      this.forget(oldest)
    }
  }

  forget(digest: string): void {
    this.bytes -= this.kept.get(digest)?.bytes ?? 0
    this.kept.delete(digest)
  }
}

function bytesOf({ ledger, days, memoryMb }: RunAccounts): number {
  // The columns of the days lie in one piece of memory.
  const ofDays = days?.[0]?.invocations.buffer.byteLength ?? 0
  const ofLatency = ledger.latency === null ? 0 : ledger.latency.bin.byteLength + ledger.latency.count.byteLength
  return ledger.buffer.byteLength + memoryMb.byteLength + ofDays + ofLatency
}

/** A run whose accounts are read when they are asked for. */
export function withAccountsRead(
  { ledger: _ledger, days: _days, memoryMb: _memory, ...facts }: StoredRun,
  read: () => RunAccounts,
): StoredRun {
  return {
    ...facts,
    get ledger() {
      return read().ledger
    },
    get days() {
      return read().days
    },
    get memoryMb() {
      return read().memoryMb
    },
  }
}
