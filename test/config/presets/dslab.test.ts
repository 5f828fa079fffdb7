import { describe, expect, it } from 'vitest'
import { NO_PRESET } from '../../../src/config/model-kinds.ts'
import { answers, type Execution, rowOf, traceOf } from '../../sim/scenario.ts'
import { MINUTE, replay, SECOND, TEN_MINUTES } from './replay.ts'

/* In the drawings, time runs to the right: L loading, B busy, - idle (loaded), . not loaded, | an arrival. */
describe('as dslab', () => {
  it('a window of ten minutes ends ten minutes after the first idle moment, whatever was served since', async () => {
    //          0        6 min    12 min
    // none     |LB------|B-------|B---------- 10 min from the last end: beyond the end of the trace
    // dslab    |LB------|B---....|LB--------- 10 min from the first
    const executions: Execution[] = [0, 6 * MINUTE, 12 * MINUTE].map((start) => [start, SECOND])
    const trace = traceOf(executions, 15 * MINUTE)
    expect(rowOf(await replay(trace, { as: NO_PRESET, policy: TEN_MINUTES }))).toEqual({
      invocations: 3,
      coldStarts: 1,
      first: 1,
      loads: 1,
      loadingMs: SECOND,
      busyMs: 3 * SECOND,
      idleMs: (358 + 359 + 179) * SECOND,
    })
    const row = {
      invocations: 3,
      coldStarts: 2,
      first: 1,
      expired: 1,
      loads: 2,
      loadingMs: 2 * SECOND,
      busyMs: 3 * SECOND,
      // From 2 s to 6 min, from 361 s to 602 s; and, because accounts last as long as windows, ten minutes at the end.
      idleMs: (358 + 241 + 600) * SECOND,
    }
    expect(rowOf(await replay(trace, { as: 'dslab', policy: TEN_MINUTES }))).toEqual(row)
    const more = ', renew: off, horizon: expire'
    expect(rowOf(await replay(trace, { as: NO_PRESET, policy: TEN_MINUTES, more }))).toEqual(row)
  })

  it('every app takes a second to load, whatever the trace says', async () => {
    const trace = traceOf([[0, SECOND]], MINUTE, 5 * SECOND)
    expect(rowOf(await replay(trace, { as: 'dslab', policy: answers([0, 0]) })).loadingMs).toBe(SECOND)
    expect(rowOf(await replay(trace, { as: NO_PRESET, policy: answers([0, 0]) })).loadingMs).toBe(5 * SECOND)
  })

  it('an arrival waits for the load of a pre-warmed container', async () => {
    //          0  1  2          12   12.5 13  14
    // none     |LLBB...........LLLLL|LLLL-LBBB   both load; one was pre-warmed for nothing
    // dslab    |LLBB...........LLLLL|LLLLBBBBB
    const trace = traceOf(
      [
        [0, SECOND],
        [12_500, SECOND],
      ],
      MINUTE,
    )
    const policy = answers([10 * SECOND, 30 * SECOND], [0, 0])
    const common = { invocations: 2, first: 1, prewarms: 1, busyMs: 2 * SECOND }
    expect(rowOf(await replay(trace, { as: 'dslab', policy }))).toEqual({
      ...common,
      coldStarts: 1,
      joined: 1,
      loads: 2,
      loadingMs: 2 * SECOND,
    })
    expect(rowOf(await replay(trace, { as: NO_PRESET, policy }))).toEqual({
      ...common,
      coldStarts: 2,
      early: 1,
      loads: 3,
      prewarmsUnused: 1,
      loadingMs: 3 * SECOND,
      idleMs: 1500,
    })
  })

  it('of several idle instances the one serves that has been idle longest, so that none expires', async () => {
    // Two executions at once load two instances; from then on, one every four minutes: with the newest first the other
    // is never used again, with the oldest first they take turns.
    const trace = traceOf(
      [
        [0, SECOND],
        [0, 2 * SECOND],
        [4 * MINUTE, SECOND],
        [8 * MINUTE, SECOND],
      ],
      20 * MINUTE,
    )
    const more = ', renew: on, horizon: cut'
    const idleMs = async (as: string) => rowOf(await replay(trace, { as, policy: TEN_MINUTES, more })).idleMs
    // Idle from 3 s to 240 s, to 480 s, and ten minutes more; the other ten minutes from 2 s on.
    expect(await idleMs(NO_PRESET)).toBe((237 + 239 + 600 + 600) * SECOND)
    // Idle from 2 s to 240 s and ten minutes more; from 3 s to 480 s and ten minutes more.
    expect(await idleMs('dslab')).toBe((238 + 600 + 477 + 600) * SECOND)
  })

  it('what would expire first makes room, though another was used longer ago', async () => {
    // Room for two. Windows are a minute; b's began when it was first idle, before a's did, though b was used later.
    const trace = traceOf(
      [
        [0, SECOND, 'b'],
        [20 * SECOND, SECOND, 'a'],
        [30 * SECOND, SECOND, 'b'],
        [40 * SECOND, SECOND, 'c'],
      ],
      2 * MINUTE,
    )
    const policy = answers([0, MINUTE])
    const evictions = async (as: string) => [...(await replay(trace, { as, policy, memory: '2MB' })).evictions]
    // Of a, b and c.
    expect(await evictions('dslab')).toEqual([0, 1, 0])
    expect(await evictions(NO_PRESET)).toEqual([1, 0, 0])
  })
})
