import { describe, expect, it } from 'vitest'
import { ACCOUNTS, type Ledger, loadedMb, STAGE_ACCOUNTS } from '../../src/engine/ledger.ts'
import { definePolicy, type PolicyDefinition, type Stage } from '../../src/policy/policy.ts'
import { CLUSTER_MODEL, INSTANCES_MODEL, type InstancesModel, PAPER_MODEL } from '../../src/sim/model.ts'
import { runSimulation } from '../../src/sim/simulation.ts'
import { replay, rowOf, traceOf } from './scenario.ts'

/** The first stage keeps half of the memory and saves 60 % of a load, the second a quarter and 20 %. */
const STAGES: readonly Stage[] = [
  { memoryShare: 0.5, savedShare: 0.6 },
  { memoryShare: 0.25, savedShare: 0.2 },
]

/** Keeps apps for 100 ms, then for `first` ms in the first stage, and for `second` in the second. */
function cooling([first, second]: readonly [number, number], more: Partial<PolicyDefinition> = {}): PolicyDefinition {
  return {
    ...definePolicy({
      id: 'cooling',
      summary: 'Cools as the test says.',
      parameters: {},
      scope: 'app',
      needs: [],
      world: () => ({ stages: STAGES }),
      create: () => ({
        arrived() {},
        decide(_app, _now, out) {
          out.prewarmMs = 0
          out.keepAliveMs = 100
        },
        cool(_app, _now, out) {
          out[0] = first
          out[1] = second
        },
      }),
    }),
    ...more,
  }
}

/** The same, and all apps are of one kind. */
function sharing(windows: readonly [number, number]): PolicyDefinition {
  const alone = cooling(windows)
  const create: PolicyDefinition['create'] = (params, context) => ({
    ...alone.create(params, context),
    kindOf: () => 0,
  })
  return { ...alone, scope: 'fleet', create }
}

function stagesOf(ledger: Ledger, app = 0): Record<string, number> {
  const cells = STAGE_ACCOUNTS.map((account) => [account, ledger[account][app]!] as const)
  return Object.fromEntries(cells.filter(([, value]) => value !== 0))
}

// Loads take 10 ms. The first execution ends at 20, so the window ends at 120, the first stage at 320, the second at 620.
const LOAD = 10
const at = (...starts: number[]) =>
  traceOf(
    starts.map((start) => [start, 10] as const),
    2000,
    LOAD,
  )

describe('an instance whose window is over', () => {
  it('is in its first stage until the end of that, from which a load takes less time', () => {
    const ledger = replay(at(0, 320), cooling([200, 300]))
    // 200 ms at half the memory until 320; the load takes 4 ms, the execution 10, and all begins anew at 334.
    const again = 100 + 0.5 * 200 + 0.25 * 300
    expect(rowOf(ledger)).toMatchObject({ coldStarts: 2, first: 1, expired: 1, loads: 2, loadingMs: 14, busyMs: 20 })
    expect(ledger.idleMs[0]).toBe(100 + 0.5 * 200 + again)
    expect(stagesOf(ledger)).toEqual({ fromStage1: 1, loadMs1: 4, cooledMs: 0.5 * 200 + again - 100 })
  })

  it('is in its second stage after that', () => {
    const ledger = replay(at(0, 321), cooling([200, 300]))
    expect(stagesOf(ledger)).toMatchObject({ fromStage2: 1, loadMs2: 8 })
    expect(ledger.loadingMs[0]).toBe(18)
  })

  it('is gone after the last', () => {
    const ledger = replay(at(0, 621), cooling([200, 300]))
    expect(stagesOf(ledger)).toEqual({ cooledMs: 2 * (100 + 75) })
    expect(ledger.loadingMs[0]).toBe(20)
  })

  it('passes a stage over in which it stays for no time', () => {
    expect(stagesOf(replay(at(0, 130), cooling([0, 300])))).toMatchObject({ fromStage2: 1, loadMs2: 8 })
  })

  it('stays in a stage without end until the accounts end', () => {
    const ledger = replay(at(0), cooling([Number.POSITIVE_INFINITY, 0]))
    expect(ledger.cooledMs[0]).toBe(0.5 * (2000 - 120))
    const waited = replay(at(0), cooling([200, 5000]), { horizon: 'expire' } as Partial<InstancesModel>)
    expect(waited.cooledMs[0]).toBe(0.5 * 200 + 0.25 * 5000)
  })

  it('is counted in loaded memory by what it holds', () => {
    const ledger = replay(at(0), cooling([200, 300]))
    const [mean] = loadedMb(ledger.timeline, 2000)
    expect(mean).toBe((120 + 0.5 * 200 + 0.25 * 300) / 2000)
  })

  it('is counted from the moment on at which accounts begin', () => {
    const model = { ...INSTANCES_MODEL }
    const ledger = runSimulation({
      trace: at(0, 1000),
      model,
      policy: cooling([200, 300]),
      seed: 1,
      accountFromMs: 420,
    })
    expect(ledger.cooledMs[0]).toBe(0.25 * 200 + 175)
  })

  it('serves one load alone', () => {
    // Two at once need two instances, and one was left.
    const ledger = replay(at(0, 200, 200), cooling([200, 300]))
    expect(stagesOf(ledger)).toMatchObject({ fromStage1: 1, loadMs1: 4 })
    expect(ledger.loadingMs[0]).toBe(10 + 4 + 10)
  })
})

describe('what is left of an app', () => {
  const two = traceOf(
    [
      [0, 10, 'a'],
      [200, 10, 'b'],
    ],
    2000,
    LOAD,
  )

  it('is of no use to another', () => {
    expect(stagesOf(replay(two, cooling([200, 300])), 1)).toEqual({ cooledMs: 175 })
  })

  it('serves others of its kind, and is accounted to the app that it is left of', () => {
    const ledger = runSimulation({ trace: two, model: INSTANCES_MODEL, policy: sharing([200, 300]), seed: 1 })
    expect(stagesOf(ledger, 0)).toEqual({ cooledMs: 0.5 * 80 })
    expect(stagesOf(ledger, 1)).toEqual({ fromStage1: 1, loadMs1: 4, cooledMs: 175 })
    expect(ledger.first[1]).toBe(1)
  })

  it('takes no memory in a cluster that an instance needs', () => {
    // Both apps take 1 MB: what b needs at 200 has a's half MB in it, so that is gone when a comes at 250.
    const trace = traceOf(
      [
        [0, 10, 'a'],
        [200, 100, 'b'],
        [250, 10, 'a'],
      ],
      2000,
      LOAD,
    )
    const on = (memoryMb: number) =>
      runSimulation({
        trace,
        model: { ...CLUSTER_MODEL, nodes: [{ count: 1, memoryMb }] },
        policy: cooling([200, 300]),
        seed: 1,
      })
    expect(stagesOf(on(3))['fromStage1']).toBe(1)
    expect(on(3).cooledMs[0]).toBe(0.5 * 130 + 175)
    const tight = on(1.25)
    // a waits until b went idle at 310 and is evicted, and begins from nothing.
    expect(stagesOf(tight)['fromStage1']).toBeUndefined()
    expect(tight.evictions[1]).toBe(1)
    expect(tight.cooledMs[0]).toBe(0.5 * 80 + 175)
  })
})

it('of what is left on a node, that goes first which began to cool first', () => {
  // When c comes at 280, half a MB of a (since 120) and of b (since 250) are left, and there is room for one of them.
  const trace = traceOf(
    [
      [0, 10, 'a'],
      [130, 10, 'b'],
      [280, 10, 'c'],
    ],
    2000,
    LOAD,
  )
  const model = { ...CLUSTER_MODEL, nodes: [{ count: 1, memoryMb: 1.75 }] }
  const ledger = runSimulation({ trace, model, policy: cooling([200, 300]), seed: 1 })
  expect([...ledger.cooledMs]).toEqual([0.5 * 160, 175, 175])
})

describe('a world without loading time', () => {
  it('charges for stages all the same', () => {
    const ledger = replay(at(0, 500), cooling([200, 300]), PAPER_MODEL)
    expect(stagesOf(ledger)).toMatchObject({ fromStage2: 1, cooledMs: 0.5 * 200 + 0.25 * 200 + 175 })
  })
})

it('stages in which nobody stays change no account of anything', () => {
  const trace = at(0, 50, 300, 320, 900)
  const without = cooling([0, 0], { world: () => ({}) })
  const plain: PolicyDefinition = {
    ...without,
    create: (params, context) => {
      const { cool: _cool, ...policy } = without.create(params, context)
      return policy
    },
  }
  const [cooled, bare] = [replay(trace, cooling([0, 0])), replay(trace, plain)]
  for (const account of ACCOUNTS) expect([account, ...cooled[account]]).toEqual([account, ...bare[account]])
  expect(stagesOf(cooled)).toEqual({})
})

const run = (more: Partial<PolicyDefinition>) => () =>
  runSimulation({ trace: at(0, 900), model: INSTANCES_MODEL, policy: cooling([1, 1], more), seed: 1 })
const stages = (...list: Stage[]) => ({ world: () => ({ stages: list }) })

describe('a policy is refused', () => {
  it.each([
    ['with cool() and no stages', { world: () => ({}) }, /cool\(\), and its world\(\) names no stages/],
    ['with three stages', stages(STAGES[0]!, STAGES[0]!, STAGES[1]!), /1 to 2 stages, found 3/],
    ['with none', stages(), /1 to 2 stages, found 0/],
    ['with a share above 1', stages({ memoryShare: 1.5, savedShare: 0 }), /memoryShare of stage 1 .* found 1.5/],
    ['that shares in the scope app', { ...sharing([1, 1]), scope: 'app' }, /kindOf\(\) shares between apps/],
  ] as const)('%s', (_, more, message) => {
    expect(run(more as Partial<PolicyDefinition>)).toThrow(message)
  })

  it('whose cool() leaves a stage out', () => {
    const create = cooling([1, 1]).create
    const forgetful: PolicyDefinition['create'] = (params, context) => ({
      ...create(params, context),
      cool(_app, _now, out) {
        out[0] = 5
      },
    })
    expect(run({ create: forgetful })).toThrow(/cool\(\) must set out\[1\] to a number of ms/)
  })
})
