import { expect, it } from 'vitest'
import { SECOND } from '../../../src/core/units.ts'
import { createLedger } from '../../../src/engine/ledger.ts'
import { addResidence, timelineUnits } from '../../../src/engine/residence.ts'
import { compareRuns } from '../../../src/metrics/compare-runs.ts'
import type { Judged } from '../../../src/metrics/run.ts'
import { TINY_TRACE, tinyRun } from '../tiny-run.ts'

/** The mean over a trace of three minutes, whose app of 100 MB is loaded from 30 s to 90 s. */
function meanOf(judged: Judged | null): number | null {
  const horizonMs = judged?.toMs ?? 180 * SECOND
  const ledger = createLedger(1, horizonMs, undefined, judged?.fromMs)
  addResidence(ledger.timeline, Math.max(30 * SECOND, judged?.fromMs ?? 0), 90 * SECOND, horizonMs, timelineUnits(100))
  const trace = { ...TINY_TRACE, horizonMs: 180 * SECOND }
  const run = tinyRun({ ledger, horizonMs, judged })
  const { runs } = compareRuns({ experiment: 'tiny', trace, baseline: run.label, runs: [run] })
  return runs[0]!.metrics['loaded-memory']!
}

it('the mean memory that is loaded is over what was judged, though it begins and ends in the middle of a minute', () => {
  expect(meanOf(null)).toBe((100 * 60) / 180)
  expect(meanOf({ fromMs: 30 * SECOND, toMs: 90 * SECOND })).toBe(100)
  expect(meanOf({ fromMs: 45 * SECOND, toMs: 105 * SECOND })).toBe((100 * 45) / 60)
  expect(meanOf({ fromMs: 60 * SECOND, toMs: 180 * SECOND })).toBe((100 * 30) / 120)
})
