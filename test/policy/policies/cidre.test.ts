import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cidre } from '../../../src/policy/policies/cidre.ts'
import type { ParameterValues } from '../../../src/policy/parameters.ts'
import { INSTANCES_MODEL } from '../../../src/sim/model.ts'
import { runSimulation } from '../../../src/sim/simulation.ts'
import { rowOf, traceOf } from '../../sim/scenario.ts'
import { asNaive, byHand } from './evidence.ts'
import { made as policyOf } from './made-context.ts'

type Params = ParameterValues<typeof cidre.parameters>

function made(params: Partial<Params> = {}) {
  const policy = policyOf('cidre', params, { apps: 2 })
  return {
    busy: (instances: number, outstanding: number, app = 0) => policy.whenBusy!(app, 0, instances, outstanding),
    answered: (waitedMs: number, tookMs: number, app = 0) => policy.answered!(app, 0, waitedMs, tookMs),
  }
}

describe('conditional scaling', () => {
  it('loads beside who waits at first, as far as there is work for more instances', () => {
    // 0.8 x 1 instance is no more than the one that is always wanted.
    expect(made().busy(1, 2)).toBe('both')
    expect(made().busy(2, 3)).toBe('wait')
  })

  byHand('wants an instance for every 200 ms of outstanding work, of the mean of the latest invocations', () => {
    const { busy, answered } = made()
    for (let at = 0; at < 10; at += 1) answered(0, 100)
    // 9 outstanding of 100 ms want 4 instances; 0.8 x 5 is not more than that, and 0.8 x 6 is.
    expect(busy(5, 9)).toBe('both')
    expect(busy(6, 9)).toBe('wait')
    // Once forbidden they stay so, however many are wanted.
    expect(busy(1, 100)).toBe('wait')
  })

  it('allows loads again once 0.8 of the mean waiting is longer than the mean work', () => {
    const { busy, answered } = made()
    expect(busy(3, 4)).toBe('wait')
    answered(125, 100)
    expect(busy(1, 4)).toBe('wait')
    answered(126, 100)
    expect(busy(1, 4)).toBe('both')
  })

  it('forgets all but the latest invocations', () => {
    const { busy, answered } = made({ recent: 2 })
    expect(busy(3, 4)).toBe('wait')
    answered(0, 1000)
    answered(0, 1000)
    answered(300, 100)
    // The latest two waited 150 ms and took 550 on average.
    expect(busy(1, 4)).toBe('wait')
    answered(300, 100)
    expect(busy(1, 4)).toBe('both')
  })

  it('keeps each app by itself', () => {
    const { busy } = made()
    expect(busy(3, 4, 0)).toBe('wait')
    expect(busy(1, 2, 0)).toBe('wait')
    expect(busy(1, 2, 1)).toBe('both')
  })

  asNaive('is what the rule says that is worked out from the whole history each time', () => {
    const fact = fc.oneof(
      fc.record({ waited: fc.nat(400), took: fc.integer({ min: 1, max: 300 }) }),
      fc.record({ instances: fc.integer({ min: 1, max: 6 }), more: fc.integer({ min: 1, max: 6 }) }),
    )
    let waited = 0
    let loaded = 0
    fc.assert(
      fc.property(fc.array(fact, { maxLength: 40 }), fc.integer({ min: 1, max: 12 }), (facts, recent) => {
        const { busy, answered } = made({ recent })
        const history: { waited: number; took: number }[] = []
        const mean = (of: (each: { waited: number; took: number }) => number): number => {
          const latest = history.slice(-recent).map(of)
          return latest.length === 0 ? 0 : latest.reduce((sum, each) => sum + each, 0) / latest.length
        }
        let allowed = true
        for (const each of facts) {
          if ('waited' in each) {
            history.push(each)
            answered(each.waited, each.took)
            allowed ||= 0.8 * mean((one) => one.waited) > mean((one) => one.took)
            continue
          }
          const outstanding = each.instances + each.more
          const work = Math.floor((outstanding * mean((one) => one.took)) / 200)
          const desired = Math.max(1, Math.min(work, outstanding))
          allowed &&= 0.8 * each.instances <= desired
          expect(busy(each.instances, outstanding)).toBe(allowed ? 'both' : 'wait')
          if (allowed) loaded += 1
          else waited += 1
        }
      }),
      { numRuns: 300 },
    )
    expect(Math.min(waited, loaded)).toBeGreaterThan(100)
  })
})

it('the other two forms always load beside who waits, and never', () => {
  expect(made({ scaling: 'speculative' }).busy(50, 51)).toBe('both')
  expect(made({ scaling: 'waiting' }).busy(1, 51)).toBe('wait')
})

describe('a burst of short invocations of an app that loads slowly', () => {
  // Twenty of 50 ms come 10 ms apart; a load takes a second.
  const burst = traceOf(
    Array.from({ length: 20 }, (_, at) => [10_000 + 10 * at, 50] as const),
    60_000,
    1000,
  )
  const run = (scaling: Params['scaling']) =>
    rowOf(runSimulation({ trace: burst, model: INSTANCES_MODEL, policy: cidre, params: { scaling }, seed: 1 }))

  it('is served by the first instance alone where nothing else is loaded', () => {
    expect(run('waiting')).toMatchObject({ invocations: 20, coldStarts: 1, loads: 1, busyMs: 1000 })
  })

  it('never waits longer beside loads than it would for a load of its own', () => {
    const row = run('speculative')
    expect(row).toMatchObject({ loads: 20, busyMs: 1000 })
    expect(row['coldStarts']! + (row['prewarms'] ?? 0)).toBe(20)
  })

  it('loads a few more where that is conditional', () => {
    const { loads, coldStarts } = run('conditional') as { loads: number; coldStarts: number }
    expect(loads).toBeGreaterThan(1)
    expect(loads).toBeLessThan(20)
    expect(coldStarts).toBeLessThanOrEqual(loads)
  })
})
