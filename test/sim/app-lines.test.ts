import { describe, expect, it } from 'vitest'
import { Engine } from '../../src/engine/engine.ts'
import { createLedger } from '../../src/engine/ledger.ts'
import type { Policy, PolicyDefinition, WhenBusy } from '../../src/policy/policy.ts'
import { CLUSTER_MODEL, INSTANCES_MODEL } from '../../src/sim/model.ts'
import { runSimulation } from '../../src/sim/simulation.ts'
import { answers, type Execution, replay, rowOf, traceOf } from './scenario.ts'

/* L loading   B busy   - idle (loaded)   | an arrival   w it waits; time in ms to the right. */

/** Keeps for ever, and says of arrivals that find all busy what the test says, the last for ever. */
function busy(...said: readonly WhenBusy[]): PolicyDefinition {
  const policy = answers([0, Number.POSITIVE_INFINITY])
  return {
    ...policy,
    create(params, context) {
      let asked = 0
      return {
        ...policy.create(params, context),
        whenBusy: () => {
          asked += 1
          return said[Math.min(asked, said.length) - 1]!
        },
      }
    },
  }
}

const TWO: readonly Execution[] = [
  [0, 10],
  [7, 10],
]

describe('an arrival that finds all instances of its app busy', () => {
  it('that waits is warm once the busy one is free', () => {
    //  0    5 7     15        25
    //  |LLLLBBBBBBBBBBBBBBBBBB-----
    //         |wwwwww
    const ledger = replay(traceOf(TWO, 40, 5), busy('wait'))
    const row = { invocations: 2, coldStarts: 1, first: 1, loads: 1, loadingMs: 5, busyMs: 20, idleMs: 15 }
    expect(rowOf(ledger)).toEqual({ ...row, waits: 1, waitingMs: 8 })
  })

  it('is served by the load beside it where that ends first, and is cold', () => {
    //  0    5 7   12 15       22
    //  |LLLLBBBBBBBBB---------------
    //         |LLLLBBBBBBBBBB-----
    const ledger = replay(traceOf(TWO, 40, 5), busy('both'))
    const row = { invocations: 2, coldStarts: 2, first: 1, scaleOut: 1, loads: 2, loadingMs: 10, busyMs: 20 }
    expect(rowOf(ledger)).toEqual({ ...row, idleMs: 25 + 18 })
  })

  it('is served by the busy one where that is free first, and the load becomes a pre-warm that nobody uses', () => {
    //  0    5 7  9  12       19
    //  |LLLLBBBBBBBBBBBBBBBBB------
    //         |wwLL----------------
    const short: readonly Execution[] = [
      [0, 4],
      [7, 10],
    ]
    const ledger = replay(traceOf(short, 40, 5), busy('both'))
    const row = { invocations: 2, coldStarts: 1, first: 1, loads: 2, prewarms: 1, prewarmsUnused: 1 }
    expect(rowOf(ledger)).toEqual({ ...row, loadingMs: 10, busyMs: 14, idleMs: 21 + 28, waits: 1, waitingMs: 2 })
  })

  it('stands behind who came before, whichever load was begun for whom', () => {
    //  0    5 7 9  12 14 15
    //  |LLLLBBBBBBBBBBBBBB
    //         |LLLLB           begun by the second, which it serves at 12
    //           |LLLLLB        begun by the third, which it serves at 14
    const three: readonly Execution[] = [...TWO, [9, 10]]
    expect(rowOf(replay(traceOf(three, 40, 5), busy('both')))).toMatchObject({ coldStarts: 3, loads: 3 })
    // The second waits alone: the load that the third began serves it at 14, and the busy one serves the third at 15.
    const row = rowOf(replay(traceOf(three, 40, 5), busy('wait', 'both')))
    expect(row).toMatchObject({ coldStarts: 2, scaleOut: 1, loads: 2, waits: 2, waitingMs: 9 - 7 + (15 - 9) })
  })

  it('is dropped where it still waits as accounts end, with the time that it waited', () => {
    const ledger = replay(traceOf(TWO, 12, 5), busy('wait'))
    expect(rowOf(ledger)).toMatchObject({ invocations: 2, coldStarts: 1, drops: 1, waits: 1, waitingMs: 5 })
    const later = replay(traceOf(TWO, 12, 5), busy('wait'), { horizon: 'expire' })
    expect(rowOf(later)).toMatchObject({ busyMs: 20, waits: 1, waitingMs: 8 })
  })

  it('takes room of a new instance beside whom that was loaded for, and has joined it', () => {
    // The first load has room for two; the second waits for it in line, as joining is off.
    const ledger = replay(
      traceOf(
        [
          [0, 10],
          [2, 10],
        ],
        20,
        5,
      ),
      busy('wait'),
      { concurrency: 2 },
    )
    const row = { invocations: 2, coldStarts: 1, joined: 1, first: 1, loads: 1, loadingMs: 5, busyMs: 10, idleMs: 5 }
    expect(rowOf(ledger)).toEqual(row)
  })

  it('is not asked about where it may join a load', () => {
    const trace = traceOf(
      [
        [0, 10],
        [2, 10],
      ],
      20,
      5,
    )
    const options = { concurrency: 2, whileLoading: 'join' } as const
    const [asked, unasked] = [busy('both'), answers([0, Number.POSITIVE_INFINITY])]
    expect(rowOf(replay(trace, asked, options))).toEqual(rowOf(replay(trace, unasked, options)))
  })
})

describe('a load beside the line', () => {
  it('that began before the accounts and served nobody is no pre-warm of theirs', () => {
    const trace = traceOf(
      [
        [0, 4],
        [7, 10],
      ],
      40,
      5,
    )
    const run = { trace, model: INSTANCES_MODEL, policy: busy('both'), seed: 1 }
    expect(rowOf(runSimulation({ ...run, accountFromMs: 11 }))).toEqual({ loadingMs: 1, busyMs: 8, idleMs: 21 + 28 })
  })

  it('that is under way as the accounts end is none either', () => {
    const ledger = replay(traceOf(TWO, 9, 5), busy('both'))
    expect(rowOf(ledger)).toMatchObject({ loads: 2, coldStarts: 1, drops: 1, waitingMs: 2 })
    expect(rowOf(ledger)).not.toHaveProperty('prewarmsUnused')
  })

  it('does not happen where a cluster has no room for it, and the arrival waits for the busy one', () => {
    const model = { ...CLUSTER_MODEL, nodes: [{ count: 1, memoryMb: 1 }] }
    const row = (overflow: 'queue' | 'drop') =>
      rowOf(runSimulation({ trace: traceOf(TWO, 40, 5), model: { ...model, overflow }, policy: busy('both'), seed: 1 }))
    expect(row('drop')).toEqual(row('queue'))
    expect(row('drop')).toMatchObject({ coldStarts: 1, loads: 1, waits: 1, waitingMs: 8 })
  })

  it('may push out who is idle', () => {
    const three: readonly Execution[] = [
      [0, 1, 'b'],
      [2, 10, 'a'],
      [10, 10, 'a'],
    ]
    const model = { ...CLUSTER_MODEL, nodes: [{ count: 1, memoryMb: 2 }] }
    const ledger = runSimulation({ trace: traceOf(three, 40, 1), model, policy: busy('both'), seed: 1 })
    expect(rowOf(ledger, 0)).toMatchObject({ coldStarts: 2, loads: 2 })
    expect(rowOf(ledger, 1)).toMatchObject({ evictions: 1 })
  })
})

it('an answer that is none ends the run with what was expected', () => {
  const wrong = busy('later' as WhenBusy)
  expect(() => replay(traceOf(TWO, 40, 5), wrong)).toThrow(
    /app a: whenBusy\(\) must give one of "load", "wait", "both", found "later", at 7 ms/,
  )
})

it('a host without lines, as live containers are, is refused such a policy in a sentence', () => {
  const policy: Policy = { arrived() {}, decide() {}, whenBusy: () => 'wait' }
  const host = { admit: () => true, load() {}, unload() {} }
  const options = { concurrency: 1, reuse: 'newest', whileLoading: 'new', renew: true } as const
  expect(() => new Engine(options, policy, createLedger(1, 0), host)).toThrow(/live calls do not wait so/)
})
