import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MINUTE } from '../../../src/core/units.ts'
import { icebreaker } from '../../../src/policy/policies/icebreaker.ts'
import { PAPER_MODEL } from '../../../src/sim/model.ts'
import { runSimulation, suitableReplays } from '../../../src/sim/simulation.ts'
import { type Execution, expectEqual, rowOf, traceOf } from '../../sim/scenario.ts'
import { plainFourier } from '../demand/plain-fourier.ts'
import { asNaive, byHand } from './evidence.ts'
import { executions, heldAt, tell } from './executions.ts'
import { made } from './made-context.ts'

byHand('holds, by hand, what four minutes and their mean foresee', () => {
  // With no harmonics: the mean without the line, and the line. Peaks 1, 2, 3, 4: a line of slope 1, which goes on at 5.
  const policy = made('icebreaker', { window: 4, harmonics: 0 })
  for (let minute = 0; minute < 4; minute += 1) {
    for (let nth = 0; nth <= minute; nth += 1) policy.arrived(0, minute * MINUTE + nth, -1, 0)
    for (let nth = 0; nth <= minute; nth += 1) policy.finished!(0, minute * MINUTE + 100, 0)
  }
  expect(heldAt(policy, 4 * MINUTE)).toBe(5)
  const revived = made('icebreaker', { window: 4, harmonics: 0 })
  revived.load!(0, JSON.parse(JSON.stringify(policy.save!(0))))
  expect(heldAt(revived, 4 * MINUTE)).toBe(5)
})

it('has a wave of 20 minutes loaded when it comes, and not between', () => {
  const calls = Array.from({ length: 240 }, (_, minute) => minute).filter((minute) => minute % 20 < 10)
  const trace = traceOf(
    calls.map((minute): Execution => [minute * MINUTE + 1, 0]),
    240 * MINUTE,
  )
  const found = runSimulation({ trace, model: PAPER_MODEL, policy: icebreaker, seed: 1 })
  const late = runSimulation({ trace, model: PAPER_MODEL, policy: icebreaker, seed: 1, accountFromMs: 120 * MINUTE })
  expect(rowOf(late).coldStarts).toBeLessThanOrEqual(6)
  expect(rowOf(late).idleMs!).toBeLessThan(75 * MINUTE)
  for (const replay of suitableReplays({ trace, model: PAPER_MODEL, policy: icebreaker, seed: 1 }))
    expectEqual(runSimulation({ trace, model: PAPER_MODEL, policy: icebreaker, seed: 1, replay }), found)
})

asNaive('holds what a transform of the peaks says, which are counted anew from all executions', () => {
  fc.assert(
    fc.property(executions(80 * MINUTE, 3 * MINUTE), fc.nat(2), (ran, harmonics) => {
      const policy = made('icebreaker', { window: 12, harmonics })
      const now = 80 * MINUTE
      tell(policy, ran, now)
      const peaks = Array.from({ length: 12 }, (_, nth) => {
        const [begin, end] = [now - (12 - nth) * MINUTE, now - (11 - nth) * MINUTE]
        const moments = [begin, ...ran.map(({ from }) => from)].filter((at) => at >= begin && at < end)
        return Math.max(...moments.map((at) => ran.filter(({ from, to }) => from <= at && at < to).length))
      })
      const runsNow = ran.some(({ from, to }) => from <= now && now < to)
      fc.pre(runsNow || peaks.some((peak) => peak > 0))
      const exact = plainFourier(peaks, harmonics, 1)
      // Where rounding decides, either way is right.
      fc.pre(Math.abs(exact - Math.floor(exact) - 0.5) > 1e-6)
      expect(heldAt(policy, now)).toBe(Math.max(0, Math.round(exact)))
    }),
    { numRuns: 60 },
  )
})
