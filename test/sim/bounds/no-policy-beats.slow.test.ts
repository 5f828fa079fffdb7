import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { DAY } from '../../../src/core/units.ts'
import type { Ledger } from '../../../src/engine/ledger.ts'
import { defaultsOf } from '../../../src/policy/parameters.ts'
import { policies } from '../../../src/policy/policies/index.ts'
import { BREAK_EVEN_LEAD } from '../../../src/sim/bounds/bounds.ts'
import { capacityBound } from '../../../src/sim/bounds/capacity-bound.ts'
import { HELD, knowingEachGap } from '../../../src/sim/bounds/each-gap.ts'
import { coldAt } from '../../../src/sim/bounds/frontier.ts'
import { type IdlePeriods, idlePeriods } from '../../../src/sim/bounds/idle-periods.ts'
import { judgedPeriods } from '../../../src/sim/bounds/judged-periods.ts'
import { chargedMemory } from '../../../src/sim/charged-memory.ts'
import { evictions } from '../../../src/sim/evictions/index.ts'
import { CLUSTER_MODEL, type Model, PAPER_MODEL, type PaperModel } from '../../../src/sim/model.ts'
import { runSimulation, unitsOf } from '../../../src/sim/simulation.ts'
import { readTrace } from '../../../src/trace/read.ts'
import type { Trace } from '../../../src/trace/trace.ts'
import { DIRIGENT, fullDay, hasSamples, TWELVE_DAYS } from '../../policy/policies/sample-figures.ts'

const EACH_FUNCTION = { ...PAPER_MODEL, unit: 'function', memory: 'equal' } as const

interface Sample {
  readonly name: string
  readonly read: () => Promise<Trace>
  readonly model: PaperModel
  readonly fromMs: number
  /** Those that need what it does not tell. */
  readonly without: readonly string[]
}

const SAMPLES: readonly Sample[] = [
  {
    name: 'days 9 to 12 of twelve days of 704 functions',
    read: () => readTrace([TWELVE_DAYS]),
    model: EACH_FUNCTION,
    fromMs: 8 * DAY,
    without: ['kiss'],
  },
  { name: 'eight hours of 476 apps', read: () => readTrace([DIRIGENT]), model: PAPER_MODEL, fromMs: 0, without: [] },
  {
    name: 'a day of 473 functions',
    read: fullDay,
    model: { ...PAPER_MODEL, memory: 'equal' },
    fromMs: 0,
    without: ['kiss'],
  },
]

/** What they load before an app is first used may be loaded before the judged days. */
const LOADS_UNUSED = ['provisioned', 'defuse']
/** They load at least a tenth of the idle time before its end, or a minute. */
const AHEAD = ['break-even', 'hybrid-histogram', 'production-histogram']

const sum = (column: Float64Array): number => column.reduce((total, value) => total + value, 0)

function run(id: string, trace: Trace, model: Model, accountFromMs: number, params: object = {}): Ledger {
  const policy = policies.get(id, 'a test')
  const all = { ...defaultsOf(policy.parameters), ...params }
  return runSimulation({ trace, model, policy, params: all, seed: 1, accountFromMs })
}

describe.skipIf(!hasSamples).each(SAMPLES)('on $name, which lie beside the project', (sample) => {
  const { model, fromMs, without } = sample
  let trace: Trace
  let memory: Float64Array
  let judged: IdlePeriods
  beforeAll(async () => {
    trace = await sample.read()
    memory = chargedMemory(unitsOf(trace, model), model)
    judged = judgedPeriods(idlePeriods({ trace, model, seed: 1 }), fromMs)
  })

  it.each(policies.ids.filter((id) => !without.includes(id)))('%s beats no bound', (id) => {
    const ledger = run(id, trace, model, fromMs)
    const [cold, loads] = [sum(ledger.coldStarts), sum(ledger.loads)]
    // What is above is rounding.
    const idle = sum(ledger.idleMs.map((ms, app) => ms * memory[app]!)) * (1 + 1e-12)
    const held = coldAt(knowingEachGap(judged, HELD), idle)
    expect(loads).toBeGreaterThanOrEqual(LOADS_UNUSED.includes(id) ? 0 : held)
    const ahead = AHEAD.includes(id) ? coldAt(knowingEachGap(judged, BREAK_EVEN_LEAD), idle) : 0
    const onDemand = sum(ledger.prewarms) === 0 && !LOADS_UNUSED.includes(id) ? held : 0
    expect(cold).toBeGreaterThanOrEqual(Math.max(ahead, onDemand))
  })
})

describe.skipIf(!hasSamples)('on day 9 of 704 functions of 1 MB, on one node that is too small for all', () => {
  const SPREAD = { spread: 'even' } as const
  /** Every order with what never unloads of its own accord, and policies that do. */
  const RUNS: readonly (readonly [policy: string, eviction: string, params: object])[] = [
    ...evictions.ids.map((eviction) => ['no-unload', eviction, {}] as const),
    ['cidre', 'cidre', { keepAlive: 365 * DAY }],
    ['fixed', 'lru', {}],
    ['hybrid-histogram', 'lru', {}],
    ['break-even', 'greedy-dual', {}],
  ]
  let trace: Trace
  let periods: IdlePeriods
  beforeAll(async () => {
    trace = await readTrace([join(TWELVE_DAYS, 'invocations_per_function_md.anon.d09.csv.gz')])
    periods = idlePeriods({ trace, model: { ...EACH_FUNCTION, ...SPREAD }, seed: 1 })
  })

  it.each([60, 150, 250, 400])('of %d MB nobody loads less often than the bound of its memory says', (memoryMb) => {
    const { coldStarts: bound } = capacityBound(periods, memoryMb)
    expect(bound).toBeGreaterThan(periods.firstUses)
    for (const [id, eviction, params] of RUNS) {
      const nodes = [{ count: 1, memoryMb }]
      const model = { ...CLUSTER_MODEL, ...SPREAD, unit: 'function', memory: 'equal', nodes, eviction, coldStart: 0 }
      const { loads, drops } = run(id, trace, model as Model, 0, params)
      // What found no room was not served by an instance that was held either.
      expect([id, eviction, sum(loads) + sum(drops) >= bound]).toEqual([id, eviction, true])
    }
  })
})
