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
import { CLUSTER_MODEL, type Model, PAPER_MODEL } from '../../../src/sim/model.ts'
import { simulate } from '../../../src/sim/simulate.ts'
import { readTrace } from '../../../src/trace/read.ts'
import type { Trace } from '../../../src/trace/trace.ts'
import { hasSamples, TWELVE_DAYS } from '../../policy/policies/sample-figures.ts'

const EQUAL = { unit: 'function', memory: 'equal' } as const
const FROM = 8 * DAY

/** One takes more than a minute here, one needs a file, and one memory, which the sample does not tell. */
const LEFT_OUT = ['femux', 'forecast', 'kiss']
/** What they load before an app is first used may be loaded before the judged days. */
const LOADS_UNUSED = ['provisioned', 'defuse']
/** They load at least a tenth of the idle time before its end, or a minute. */
const AHEAD = ['break-even', 'hybrid-histogram', 'production-histogram']

const sum = (column: Float64Array): number => column.reduce((total, value) => total + value, 0)

describe.skipIf(!hasSamples)('on twelve days of 704 functions, a sample that lies beside the project', () => {
  let trace: Trace
  let whole: IdlePeriods
  let late: IdlePeriods
  beforeAll(async () => {
    trace = await readTrace([TWELVE_DAYS])
    whole = idlePeriods({ trace, model: { ...PAPER_MODEL, ...EQUAL }, seed: 1 })
    late = judgedPeriods(whole, FROM)
  })

  const run = (id: string, model: Model, accountFromMs: number): Ledger => {
    const policy = policies.get(id, 'a test')
    const params = defaultsOf(policy.parameters)
    return simulate({ trace, model: { ...model, ...EQUAL }, policy, params, seed: 1, accountFromMs })
  }

  it.each(policies.ids.filter((id) => !LEFT_OUT.includes(id)))('%s beats no bound on days 9 to 12', (id) => {
    const ledger = run(id, PAPER_MODEL, FROM)
    const [cold, loads, idle] = [sum(ledger.coldStarts), sum(ledger.loads), sum(ledger.idleMs)]
    const held = coldAt(knowingEachGap(late, HELD), idle)
    if (!LOADS_UNUSED.includes(id)) expect(loads).toBeGreaterThanOrEqual(held)
    if (sum(ledger.prewarms) === 0) expect(cold).toBeGreaterThanOrEqual(held)
    if (AHEAD.includes(id)) expect(cold).toBeGreaterThanOrEqual(coldAt(knowingEachGap(late, BREAK_EVEN_LEAD), idle))
  })

  it.each([60, 150, 300])(
    'no eviction order beats the bound of a node of %i MB, of which each app takes 1',
    (memoryMb) => {
      const { coldStarts } = capacityBound(whole, memoryMb)
      expect(coldStarts).toBeGreaterThan(704)
      const found = ['lru', 'greedy-dual', 'cidre', 'belady'].map((eviction) => {
        const model = {
          ...CLUSTER_MODEL,
          nodes: [{ count: 1, memoryMb }],
          eviction,
          coldStart: 0,
          spread: 'minute',
        } as const
        // Executions that take no time are what the bound speaks of; those that do need more memory.
        const ledger = run('no-unload', { ...model, concurrency: Number.POSITIVE_INFINITY }, 0)
        return [eviction, sum(ledger.coldStarts) + sum(ledger.drops)] as const
      })
      for (const [eviction, cold] of found) expect([eviction, cold]).toEqual([eviction, Math.max(cold, coldStarts)])
    },
  )
})
