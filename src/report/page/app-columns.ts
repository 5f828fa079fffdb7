import type { Comparison, RunSummary } from '../../metrics/comparison.ts'
import { REASONS } from '../../metrics/run.ts'
import { memoryTimeMbS } from '../../metrics/memory-time.ts'
import type { AppAccounts } from '../renderer.ts'
import type { AppColumns } from './page-contents.ts'
import { countBytes, figureBytes, Packing, textBytes } from './packed-columns.ts'

/** Rows times runs that a page has room for: some ten megabytes. */
const MOST_ROWS = 4_000_000

/** The accounts of every app, of the baseline's runs and then of as many others as there is room for. */
export function appColumns({ runs, baseline }: Comparison, accounts: AppAccounts): AppColumns {
  const packing = new Packing()
  const columns: Record<number, AppColumns['runs'][number]> = {}
  const isBaseline = ([run]: readonly [RunSummary, number]): boolean => run.variant === baseline.variant
  const all = runs.map((run, position) => [run, position] as const)
  const ordered = [...all.filter(isBaseline), ...all.filter((entry) => !isBaseline(entry))]
  let [room, leftOut] = [MOST_ROWS, 0]
  for (const [{ digest }, position] of ordered) {
    const run = accounts.runOf(digest)
    // By its names, because the accounts of each run would be read for the sake of their length.
    const names = run === undefined ? [] : accounts.namesOf(run)
    if (run === undefined || names.length > room) {
      leftOut += 1
      continue
    }
    const { ledger, memoryMb } = run
    room -= ledger.apps
    columns[position] = {
      names: packing.add(textBytes(names)),
      invocations: packing.add(countBytes(ledger.invocations)),
      reasons: REASONS.map((reason) => packing.add(countBytes(ledger[reason]))),
      drops: packing.add(countBytes(ledger.drops)),
      idleMbS: packing.add(figureBytes(ledger.idleMs.map((ms, app) => memoryTimeMbS(ms, memoryMb[app]!)))),
    }
  }
  return { packed: packing.packed(), leftOut, runs: columns }
}
