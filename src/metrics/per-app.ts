import { csvRow } from './csv-row.ts'
import type { FinishedRun } from './comparison.ts'
import { memoryTimeMbS } from './memory-time.ts'

const ACCOUNT_COLUMNS = [
  'invocations',
  'coldStarts',
  'joined',
  'first',
  'expired',
  'early',
  'evicted',
  'scaleOut',
  'loads',
  'prewarms',
  'prewarmsUnused',
  'idleMs',
  'busyMs',
  'loadingMs',
] as const

/** The first line of a per-app CSV, without its line end. */
export const PER_APP_HEADER = csvRow(['run', 'app', ...ACCOUNT_COLUMNS, 'idleMbS'])

/** The per-app CSV lines of one run, one an app in the order of its ledger, without line ends. */
export function* perAppLines(
  run: Pick<FinishedRun, 'label' | 'ledger' | 'memoryMb'>,
  names: { at(app: number): string },
): Generator<string> {
  const { label, ledger, memoryMb } = run
  for (let app = 0; app < ledger.apps; app += 1) {
    const accounts = ACCOUNT_COLUMNS.map((account) => ledger[account][app]!)
    yield csvRow([label, names.at(app), ...accounts, memoryTimeMbS(ledger.idleMs[app]!, memoryMb[app]!)])
  }
}
