import { beforeAll, describe, expect, it } from 'vitest'
import { DAY } from '../../../src/core/units.ts'
import type { Ledger } from '../../../src/engine/ledger.ts'
import { defaultsOf } from '../../../src/policy/parameters.ts'
import { policies } from '../../../src/policy/policies/index.ts'
import { BREAK_EVEN_LEAD } from '../../../src/sim/bounds/bounds.ts'
import { HELD, knowingEachGap } from '../../../src/sim/bounds/each-gap.ts'
import { coldAt } from '../../../src/sim/bounds/frontier.ts'
import { type IdlePeriods, idlePeriods } from '../../../src/sim/bounds/idle-periods.ts'
import { judgedPeriods } from '../../../src/sim/bounds/judged-periods.ts'
import { PAPER_MODEL } from '../../../src/sim/model.ts'
import { simulate } from '../../../src/sim/simulate.ts'
import { readTrace } from '../../../src/trace/read.ts'
import type { Trace } from '../../../src/trace/trace.ts'
import { hasSamples, TWELVE_DAYS } from '../../policy/policies/sample-figures.ts'

const MODEL = { ...PAPER_MODEL, unit: 'function', memory: 'equal' } as const
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
  let late: IdlePeriods
  beforeAll(async () => {
    trace = await readTrace([TWELVE_DAYS])
    late = judgedPeriods(idlePeriods({ trace, model: MODEL, seed: 1 }), FROM)
  })

  const run = (id: string): Ledger => {
    const policy = policies.get(id, 'a test')
    const params = defaultsOf(policy.parameters)
    return simulate({ trace, model: MODEL, policy, params, seed: 1, accountFromMs: FROM })
  }

  it.each(policies.ids.filter((id) => !LEFT_OUT.includes(id)))('%s beats no bound on days 9 to 12', (id) => {
    const ledger = run(id)
    const [cold, loads, idle] = [sum(ledger.coldStarts), sum(ledger.loads), sum(ledger.idleMs)]
    const held = coldAt(knowingEachGap(late, HELD), idle)
    expect(loads).toBeGreaterThanOrEqual(LOADS_UNUSED.includes(id) ? 0 : held)
    const ahead = AHEAD.includes(id) ? coldAt(knowingEachGap(late, BREAK_EVEN_LEAD), idle) : 0
    const onDemand = sum(ledger.prewarms) === 0 && !LOADS_UNUSED.includes(id) ? held : 0
    expect(cold).toBeGreaterThanOrEqual(Math.max(ahead, onDemand))
  })
})
