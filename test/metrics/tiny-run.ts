import type { FinishedRun, TraceSummary } from '../../src/metrics/run.ts'
import { type Account, createLedger, type Ledger } from '../../src/engine/ledger.ts'

/** A ledger of the given rows; accounts left out are 0. `loadedMb` gives the mean MB loaded in each bucket. */
export function tinyLedger(
  rows: readonly Partial<Record<Account, number>>[],
  horizonMs = 3_600_000,
  loadedMb: readonly number[] = [],
): Ledger {
  const ledger = createLedger(rows.length, horizonMs)
  for (const [app, row] of rows.entries()) {
    for (const [account, value] of Object.entries(row)) ledger[account as Account][app] = value
  }
  const { area, bucketMs } = ledger.timeline
  for (const [bucket, mb] of loadedMb.entries()) {
    area[bucket] = mb * 64 * Math.min(bucketMs, horizonMs - bucket * bucketMs)
  }
  return ledger
}

/** A finished run of one app that was never invoked, except for what is given. */
export function tinyRun(run: Partial<FinishedRun> = {}): FinishedRun {
  const ledger = run.ledger ?? tinyLedger([{}])
  return {
    label: 'fixed(keepAlive=10m)',
    policy: 'fixed',
    params: { keepAlive: 600_000 },
    model: { kind: 'paper', spread: 'minute', concurrency: Number.POSITIVE_INFINITY },
    seed: 1,
    draws: false,
    windowMs: run.params === undefined ? 600_000 : 0,
    digest: '5'.repeat(64),
    version: '0.1.0',
    memoryMb: new Float64Array(ledger.apps).fill(100),
    horizonMs: 3_600_000,
    wallMs: 1500,
    judged: null,
    days: null,
    ...run,
    variant: run.variant ?? `${run.policy ?? 'fixed'} ${String(Object.values(run.params ?? {}))}`,
    spelt: run.spelt ?? {
      params: texts(run.params ?? { keepAlive: '10m' }),
      model: texts(run.model ?? { kind: 'paper' }),
    },
    ledger,
  }
}

/** Values as texts, for tests in which it does not matter how they are spelt. */
export function texts(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]))
}

/** What the tests say of their trace. */
export const TINY_TRACE: TraceSummary = {
  id: 'tiny',
  format: 'events',
  digest: 'a'.repeat(64),
  apps: 3,
  functions: 4,
  invocations: 14,
  horizonMs: 3_600_000,
}
