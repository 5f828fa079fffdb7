import { ACCOUNTS, type Account, STAGE_ACCOUNTS, type StageAccount } from '../engine/ledger.ts'
import { type DataColumn, snakeCase } from './data-table.ts'

/** What each account counts, per app or in total (docs/model.md, Accounts). */
const MEANINGS: Readonly<Record<Account | StageAccount, string>> = {
  invocations: 'Invocations.',
  coldStarts: 'Invocations that found no loaded instance with room.',
  joined: 'Invocations that waited for a load which another one or a pre-warm had begun.',
  drops: 'Invocations that were dropped for lack of room.',
  first: 'Cold starts of an app that was never loaded before.',
  expired: 'Cold starts after the window had passed.',
  early: 'Cold starts before the pre-warm.',
  evicted: 'Cold starts after an eviction.',
  scaleOut: 'Cold starts while every loaded instance was full.',
  loads: 'Loads of instances.',
  prewarms: 'Loads that no invocation asked for, or that none waited for any more as they ended.',
  prewarmsUnused: 'Pre-warmed instances that went without having served.',
  evictions: 'Idle instances that went because another load needed their memory.',
  idleMs: 'Time that instances were loaded and idle, added up over instances.',
  busyMs: 'Time that instances were busy, added up over instances.',
  loadingMs: 'Time that instances were loading, added up over instances.',
  waits: 'Invocations that waited in line, for room or for a busy instance.',
  waitingMs: 'Time that invocations waited in line, added up.',
  fromStage1: 'Cold starts that began from the first stage to which instances cool.',
  fromStage2: 'Cold starts that began from the second stage.',
  loadMs1: 'How long the cold starts from the first stage took to load, added up.',
  loadMs2: 'How long the cold starts from the second stage took to load, added up.',
  cooledMs: 'The part of idle_ms that is of what was left of instances, by the share of memory that they held.',
}

/** One column per account. */
export const ACCOUNT_COLUMNS = ACCOUNTS.map(columnOf)

/** The same of the accounts of stages. */
export const STAGE_COLUMNS = STAGE_ACCOUNTS.map(columnOf)

function columnOf<A extends Account | StageAccount>(account: A): DataColumn & { readonly account: A } {
  const isTime = /Ms\d?$/.test(account)
  const name = snakeCase(account)
  return { account, name, kind: isTime ? 'number' : 'whole', unit: isTime ? 'ms' : '', describe: MEANINGS[account] }
}

/** Times of instances that are weighted by memory as well, and the accounts that they come from. */
export const MEMORY_TIMES = [
  { name: 'idle_mb_s', account: 'idleMs', total: 'idleMbS', describe: 'Memory time of idle instances.' },
  { name: 'busy_mb_s', account: 'busyMs', total: 'busyMbS', describe: 'Memory time of busy instances.' },
  { name: 'loading_mb_s', account: 'loadingMs', total: 'loadingMbS', describe: 'Memory time of loading instances.' },
] as const
