import { ACCOUNTS, type Account } from '../engine/ledger.ts'
import { type Column, snakeCase } from './table.ts'

/** What each account counts, per app or in total (docs/model.md, Accounts). */
const MEANINGS: Readonly<Record<Account, string>> = {
  invocations: 'Invocations.',
  coldStarts: 'Invocations that found no loaded instance with room.',
  joined: 'Invocations that waited for a load which another one or a pre-warm had begun.',
  drops: 'Invocations that were dropped for want of room.',
  first: 'Cold starts of an app that was never loaded before.',
  expired: 'Cold starts after the window had passed.',
  early: 'Cold starts before the pre-warm.',
  evicted: 'Cold starts after an eviction.',
  scaleOut: 'Cold starts while every loaded instance was full.',
  loads: 'Loads of instances.',
  prewarms: 'Loads that no invocation asked for.',
  prewarmsUnused: 'Pre-warmed instances that went without having served.',
  evictions: 'Instances that went for want of memory.',
  idleMs: 'Time that instances were loaded and idle, added up over instances.',
  busyMs: 'Time that instances were busy, added up over instances.',
  loadingMs: 'Time that instances were loading, added up over instances.',
  waits: 'Invocations that waited for room.',
  waitingMs: 'Time that invocations waited for room, added up.',
}

/** One column per account. */
export const ACCOUNT_COLUMNS: readonly (Column & { readonly account: Account })[] = ACCOUNTS.map((account) => ({
  account,
  name: snakeCase(account),
  kind: account.endsWith('Ms') ? 'number' : 'whole',
  unit: account.endsWith('Ms') ? 'ms' : '',
  describe: MEANINGS[account],
}))

/** Times of instances that are weighted by memory as well, and the accounts that they come from. */
export const MEMORY_TIMES = [
  { name: 'idle_mb_s', account: 'idleMs', total: 'idleMbS', describe: 'Memory time of idle instances.' },
  { name: 'busy_mb_s', account: 'busyMs', total: 'busyMbS', describe: 'Memory time of busy instances.' },
  { name: 'loading_mb_s', account: 'loadingMs', total: 'loadingMbS', describe: 'Memory time of loading instances.' },
] as const
