import { createLedger } from '../../src/engine/ledger.ts'
import { summarise } from '../../src/metrics/summary.ts'
import type { RunRecord } from '../../src/store/stored-runs.ts'
import type { TraceRecord } from '../../src/store/traces.ts'

/** A trace that only its summary is known of. */
export const TRACE: TraceRecord = {
  id: 'example',
  format: 'events',
  digest: 'trace-digest',
  apps: 3,
  functions: 3,
  invocations: 60,
  horizonMs: 3_600_000,
  offers: ['memory'],
}

/** A finished run whose every column is told by its number. */
export function exampleRun(number: number, apps = 3): RunRecord {
  const ledger = createLedger(apps, TRACE.horizonMs)
  new Float64Array(ledger.buffer).forEach((_, index, cells) => (cells[index] = number * 1000 + index))
  const spec = { policy: 'fixed', params: { keepAlive: number }, model: { kind: 'paper', unit: 'app' }, seed: 1 }
  const run = {
    ...spec,
    spelt: { params: { keepAlive: String(number) }, model: { kind: 'paper', unit: 'app' } },
    digest: `run-${number}`,
    judged: null,
    days: null,
    version: '1.2.3',
    ledger,
    memoryMb: Float64Array.from({ length: apps }, (_, app) => app + 0.5),
    horizonMs: TRACE.horizonMs,
    wallMs: 12.5,
  }
  return {
    trace: TRACE.digest,
    spec: JSON.stringify(spec),
    run,
    totals: summarise({ ...run, label: '', variant: '' }).totals,
    names: Array.from({ length: apps }, (_, app) => `app "${app}"\n`),
  }
}

/** An experiment of so many example runs. */
export function exampleExperiment(runs: number) {
  const listed = Array.from({ length: runs }, (_, number) => ({
    label: `fixed(${number})`,
    variant: `variant-${number}`,
    digest: `run-${number}`,
    byApp: true,
  }))
  return {
    name: 'example',
    source: 'name: example',
    places: { file: '/study/example.yaml', trace: '/data/example' },
    trace: TRACE,
    baseline: { label: 'fixed(0)', variant: 'variant-0' },
    notes: ['one sentence'],
    prices: null,
    runs: listed,
  }
}
