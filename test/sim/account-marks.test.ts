import { describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/core/units.ts'
import { ACCOUNTS, type Ledger, MARKED_ACCOUNTS, STAGE_ACCOUNTS } from '../../src/engine/ledger.ts'
import { policies } from '../../src/policy/policies/index.ts'
import { CLUSTER_MODEL, INSTANCES_MODEL, type Model, PAPER_MODEL } from '../../src/sim/model.ts'
import { runSimulation, suitableReplays } from '../../src/sim/simulation.ts'
import { RandomStream } from '../../src/core/random.ts'
import { TraceBuilder } from '../../src/trace/build/builder.ts'

const BORDERS = [DAY, 2 * DAY, 2 * DAY + 7 * HOUR]

// Arrivals round the clock, crowded about the borders, with executions that last over them.
const stream = new RandomStream()
stream.begin(1, 2, 3, 4)
const builder = new TraceBuilder({ id: 'borders', format: 'events' })
for (let app = 0; app < 5; app += 1) {
  const row = builder.functionRow('', `a${app}`, 'f')
  builder.addMemory('', `a${app}`, 300, 1)
  for (let at = 0; at < 99; at += 1) {
    const near = BORDERS[at % 3]! + (stream.uniform() - 0.5) * 40 * MINUTE
    const time = at % 2 === 0 ? stream.uniform() * 3 * DAY : near
    builder.addEvent(row, Math.floor(time), Math.floor(stream.uniform() ** 4 * 20 * MINUTE))
  }
}
const trace = builder.build(3 * DAY, { files: [], defects: [] })

const worlds: readonly (readonly [string, Model])[] = [
  ['paper', PAPER_MODEL],
  ['instances', { ...INSTANCES_MODEL, coldStart: 90 * SECOND }],
  ['a full cluster with a queue', { ...CLUSTER_MODEL, nodes: [{ count: 1, memoryMb: 700 }], coldStart: 90 * SECOND }],
  ['a full cluster that drops', { ...CLUSTER_MODEL, nodes: [{ count: 1, memoryMb: 700 }], overflow: 'drop' }],
]
const chosen = ['fixed', 'hybrid-histogram', 'break-even', 'hazard', 'kpa', 'spes', 'rainbowcake'] as const

/** How much of an account came before a border, by runs whose accounts begin at it: shares no code with marks. */
function before(border: Ledger, whole: Ledger, account: (typeof MARKED_ACCOUNTS)[number]): number[] {
  return [...whole[account]].map((value, app) => value - border[account][app]!)
}

describe.each(worlds)('in the world %s', (_name, model) => {
  it.each(chosen)('%s has the same accounts with marks, and at each mark what runs from there on lack', (id) => {
    const run = { trace, model, policy: policies.get(id, 'a test'), seed: 1 }
    for (const replay of suitableReplays(run)) {
      const [accountFromMs, ...marksMs] = BORDERS
      const from = (border: number) => runSimulation({ ...run, replay, accountFromMs: border })
      const whole = from(accountFromMs!)
      const replays = suitableReplays({ ...run, accountFromMs: accountFromMs! })
      if (!replays.includes(replay)) continue
      const marked = runSimulation({ ...run, replay, accountFromMs: accountFromMs!, marksMs })
      for (const account of [...ACCOUNTS, ...STAGE_ACCOUNTS])
        expect(marked[account], `${replay} ${account}`).toEqual(whole[account])
      expect(marked.timeline).toEqual(whole.timeline)
      expect(marked.latency).toEqual(whole.latency)
      for (const [at, border] of marksMs.entries()) {
        const later = from(border)
        for (const account of MARKED_ACCOUNTS) {
          const expected = before(later, whole, account)
          const found = [...marked.marks[at]![account]]
          for (const [app, value] of expected.entries()) {
            expect(found[app], `${replay} ${account} ${at} ${app}`).toBeCloseTo(value, 3)
          }
        }
      }
    }
  })
})
