import { csvRow } from './csv-row.ts'
import type { LatencyTable } from '../engine/latency.ts'
import type { FinishedRun } from './run.ts'
import { appLatency, LATENCY_QUANTILES } from './latency-quantiles.ts'
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

/** Accounts that came later, after the columns that others rely on. */
const LATER_COLUMNS = ['drops', 'evictions', 'waits', 'waitingMs'] as const

/** Quantiles of the latencies, in ms; empty where there are none. */
const LATENCY_COLUMNS = (['added', 'response'] as const).flatMap((latency) =>
  LATENCY_QUANTILES.map((quantile) => ({ latency, quantile })),
)

/** The first line of a per-app CSV, without its line end. */
export const PER_APP_HEADER = csvRow([
  'run',
  'app',
  ...ACCOUNT_COLUMNS,
  'idleMbS',
  ...LATER_COLUMNS,
  ...LATENCY_COLUMNS.map(({ latency, quantile }) => `${latency}Ms ${quantile}`),
])

/** The per-app CSV lines of one run, one an app in the order of its ledger, without line ends. */
export function* perAppLines(
  run: Pick<FinishedRun, 'label' | 'ledger' | 'memoryMb'>,
  names: { at(app: number): string },
): Generator<string> {
  const { label, ledger, memoryMb } = run
  for (let app = 0; app < ledger.apps; app += 1) {
    const accounts = ACCOUNT_COLUMNS.map((account) => ledger[account][app]!)
    const idleMbS = memoryTimeMbS(ledger.idleMs[app]!, memoryMb[app]!)
    const later = LATER_COLUMNS.map((account) => ledger[account][app]!)
    yield csvRow([label, names.at(app), ...accounts, idleMbS, ...later, ...latencyCells(ledger.latency, app)])
  }
}

function latencyCells(table: LatencyTable | null, app: number): (number | string)[] {
  const quantiles = {
    added: table === null ? null : appLatency(table, app, 'added'),
    response: table === null ? null : appLatency(table, app, 'response'),
  }
  return LATENCY_COLUMNS.map(({ latency, quantile }) => quantiles[latency]?.[quantile] ?? '')
}
