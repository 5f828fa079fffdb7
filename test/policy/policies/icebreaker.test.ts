import { expect, it } from 'vitest'
import { MINUTE } from '../../../src/core/units.ts'
import { icebreaker } from '../../../src/policy/policies/icebreaker.ts'
import type { Policy } from '../../../src/policy/policy.ts'
import { PAPER_MODEL } from '../../../src/sim/model.ts'
import { simulate, suitableReplays } from '../../../src/sim/simulate.ts'
import { type Execution, expectEqual, rowOf, traceOf } from '../../sim/scenario.ts'
import { made } from './made-context.ts'

const floorAt = (policy: Policy, now: number): number => {
  const out = { instances: Number.NaN, untilMs: Number.NaN }
  policy.floor!(0, now, out)
  return out.instances
}

it('holds, by hand, what four minutes and their mean foresee', () => {
  // With no harmonics: the mean without the line, and the line. Peaks 1, 2, 3, 4: a line of slope 1, which goes on at 5.
  const policy = made('icebreaker', { window: 4, harmonics: 0 })
  for (let minute = 0; minute < 4; minute += 1) {
    for (let nth = 0; nth <= minute; nth += 1) policy.arrived(0, minute * MINUTE + nth, -1, 0)
    for (let nth = 0; nth <= minute; nth += 1) policy.finished!(0, minute * MINUTE + 100, 0)
  }
  expect(floorAt(policy, 4 * MINUTE)).toBe(5)
  const revived = made('icebreaker', { window: 4, harmonics: 0 })
  revived.load!(0, JSON.parse(JSON.stringify(policy.save!(0))))
  expect(floorAt(revived, 4 * MINUTE)).toBe(5)
})

it('has a wave of 20 minutes loaded when it comes, and not between', () => {
  const calls = Array.from({ length: 240 }, (_, minute) => minute).filter((minute) => minute % 20 < 10)
  const trace = traceOf(
    calls.map((minute): Execution => [minute * MINUTE + 1, 0]),
    240 * MINUTE,
  )
  const found = simulate({ trace, model: PAPER_MODEL, policy: icebreaker, seed: 1 })
  const late = simulate({ trace, model: PAPER_MODEL, policy: icebreaker, seed: 1, accountFromMs: 120 * MINUTE })
  expect(rowOf(late).coldStarts).toBeLessThanOrEqual(6)
  expect(rowOf(late).idleMs!).toBeLessThan(75 * MINUTE)
  for (const replay of suitableReplays({ trace, model: PAPER_MODEL, policy: icebreaker, seed: 1 }))
    expectEqual(simulate({ trace, model: PAPER_MODEL, policy: icebreaker, seed: 1, replay }), found)
})
