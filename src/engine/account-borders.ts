import { type Instance, STATE_ACCOUNTS } from './app-lifecycle.ts'
import { forgetAccounts, type Ledger, MARKED_ACCOUNTS, nextBorder } from './ledger.ts'

/**
 * Accounts of the apps `fromApp` up to, not including, `toApp` come to the border `now`: they begin, or are marked. Gives
 * the next border. All that comes before is over; `instances` are those of these apps, and what is nobody's.
 */
export function crossBorder(
  ledger: Ledger,
  instances: readonly Instance[],
  now: number,
  fromApp: number,
  toApp: number,
): number {
  if (now === ledger.accountFromMs) {
    // What the accounts were is forgotten, the state of the apps is not.
    for (const each of instances) if (each.lifecycle !== null) each.beginAccounts(now)
    forgetAccounts(ledger, fromApp, toApp)
  } else mark(ledger, instances, now, fromApp, toApp)
  return nextBorder(ledger, now)
}

/** Keeps the accounts as they are, with the time of instances up to now; they go on as if nothing had happened. */
function mark(ledger: Ledger, instances: readonly Instance[], now: number, fromApp: number, toApp: number): void {
  const kept = ledger.marks.find(({ atMs }) => atMs === now)!
  for (const account of MARKED_ACCOUNTS) kept[account].set(ledger[account].subarray(fromApp, toApp), fromApp)
  for (const { lifecycle, since, state } of instances) {
    if (lifecycle !== null) kept[STATE_ACCOUNTS[state]!][lifecycle.app]! += now - since
  }
}
