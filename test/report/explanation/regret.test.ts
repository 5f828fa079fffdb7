import { describe, expect, it } from 'vitest'
import type { FinishedRun } from '../../../src/metrics/run.ts'
import { regrets } from '../../../src/report/explanation/regret.ts'
import { tinyLedger, tinyRun } from '../../metrics/tiny-run.ts'

/** A run of two apps, with so many cold starts of each. */
function runOf(label: string, cold: readonly [number, number], given: Partial<FinishedRun> = {}): FinishedRun {
  const ledger = tinyLedger(cold.map((coldStarts) => ({ invocations: 9, coldStarts })))
  return tinyRun({ label, variant: label, ledger, ...given })
}

const worldOf = (kind: string): Partial<FinishedRun> => ({ model: { kind, unit: 'app', spread: 'minute' } })
const namesOf = (): readonly string[] => ['a', 'b']

describe('regrets', () => {
  it('has each app once, with the run that is worst and the one that is best for it, the largest loss first', () => {
    const runs = [runOf('short', [4, 9]), runOf('long', [3, 2]), runOf('none', [4, 8])]
    expect(regrets(runs, namesOf, 9)).toEqual([
      { app: 'b', run: 'short', cold: 9, leastCold: 2, bestRun: 'long' },
      { app: 'a', run: 'short', cold: 4, leastCold: 3, bestRun: 'long' },
    ])
    expect(regrets(runs, namesOf, 1)).toHaveLength(1)
  })

  it('compares no run with one of another world, as a policy does not choose its world', () => {
    const runs = [
      runOf('fixed paper', [2, 1], worldOf('paper')),
      runOf('fixed instances', [9, 9], worldOf('instances')),
      runOf('hybrid paper', [1, 1], worldOf('paper')),
      runOf('hybrid instances', [9, 8], worldOf('instances')),
    ]
    expect(regrets(runs, namesOf, 9)).toEqual([
      { app: 'a', run: 'fixed paper', cold: 2, leastCold: 1, bestRun: 'hybrid paper' },
      { app: 'b', run: 'fixed instances', cold: 9, leastCold: 8, bestRun: 'hybrid instances' },
    ])
  })

  it('compares no run with one that was judged on another part of the trace', () => {
    const runs = [
      runOf('whole', [9, 9]),
      runOf('an hour', [1, 1], { judged: { fromMs: 0, toMs: 3_600_000 } }),
      runOf('the same hour', [1, 3], { judged: { fromMs: 0, toMs: 3_600_000 } }),
    ]
    expect(regrets(runs, namesOf, 9)).toEqual([
      { app: 'b', run: 'the same hour', cold: 3, leastCold: 1, bestRun: 'an hour' },
    ])
  })
})
