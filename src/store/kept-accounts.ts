import type { RunAccounts, RunFacts, StoredRun } from './stored-runs.ts'

/** Accounts that are kept in memory, in bytes; those of ordinary experiments are all, and are read once. */
const MOST_BYTES = 256 * 1024 ** 2
/** Runs that are kept besides: a run, and that of the baseline which it is compared with. */
const LATEST = 4

/**
 * The accounts that were read first, for as long as there is room, and the few that were asked for last. Runs are gone
 * through again and again in one order: were the oldest let go for the newest, none would ever be there when it is needed.
 */
export class KeptAccounts {
  private readonly first = new Map<string, RunAccounts>()
  private readonly latest = new Map<string, RunAccounts>()
  private readonly most: number
  private bytes = 0

  constructor(most = MOST_BYTES) {
    this.most = most
  }

  get(digest: string): RunAccounts | undefined {
    const found = this.latest.get(digest)
    if (found === undefined) return this.first.get(digest)
    // The last of the map is that which was asked for last.
    this.latest.delete(digest)
    this.latest.set(digest, found)
    return found
  }

  add(digest: string, accounts: RunAccounts): void {
    this.forget(digest)
    const bytes = bytesOf(accounts)
    if (this.bytes + bytes <= this.most) {
      this.first.set(digest, accounts)
      this.bytes += bytes
      return
    }
    this.latest.set(digest, accounts)
    const [oldest] = this.latest.keys()
    if (this.latest.size > LATEST) this.latest.delete(oldest!)
  }

  forget(digest: string): void {
    const known = this.first.get(digest)
    if (known !== undefined) this.bytes -= bytesOf(known)
    this.first.delete(digest)
    this.latest.delete(digest)
  }
}

function bytesOf({ ledger, days, memoryMb }: RunAccounts): number {
  // The columns of the days lie in one piece of memory.
  const ofDays = days?.[0]?.invocations.buffer.byteLength ?? 0
  const ofLatency = ledger.latency === null ? 0 : ledger.latency.bin.byteLength + ledger.latency.count.byteLength
  return ledger.buffer.byteLength + memoryMb.byteLength + ofDays + ofLatency
}

/** A run whose accounts are read when they are asked for. */
export function withAccountsRead(facts: RunFacts, read: () => RunAccounts): StoredRun {
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
