import { describe, expect, it } from 'vitest'
import { NO_PRESET } from '../../../src/config/model-kinds.ts'
import { answers, rowOf, traceOf } from '../../sim/scenario.ts'
import { countsOf, replay, SECOND, TEN_MINUTES } from './replay.ts'

/* In the drawings, time runs to the right: L loading, B busy, - idle (loaded), . not loaded, | an arrival. */
describe('as faascache', () => {
  it('two functions of one app are two apps of half its memory: both start cold', async () => {
    const trace = traceOf(
      [
        [0, SECOND, 'a', 'f'],
        [5 * SECOND, SECOND, 'a', 'g'],
      ],
      10 * SECOND,
    )
    const policy = TEN_MINUTES
    const shared = await replay(trace, { as: NO_PRESET, policy })
    expect(shared.apps).toBe(1)
    expect(rowOf(shared)).toEqual({
      invocations: 2,
      coldStarts: 1,
      first: 1,
      loads: 1,
      loadingMs: SECOND,
      busyMs: 2 * SECOND,
      idleMs: (3 + 4) * SECOND,
    })
    const apart = await replay(trace, { as: 'faascache', policy, memory: '1MB' })
    const row = { invocations: 1, coldStarts: 1, first: 1, loads: 1, loadingMs: SECOND, busyMs: SECOND }
    expect(rowOf(apart, 0)).toEqual({ ...row, idleMs: 8 * SECOND })
    expect(rowOf(apart, 1)).toEqual({ ...row, idleMs: 3 * SECOND })
  })

  it('an invocation that finds no room beside what runs is dropped, and does not wait', async () => {
    //          0     5     11   12  13
    // none  a  |LBBBBBBBBBBB
    //       b        |     LLLLLBBB
    const trace = traceOf(
      [
        [0, 10 * SECOND, 'a'],
        [5 * SECOND, SECOND, 'b'],
      ],
      20 * SECOND,
    )
    const scenario = { policy: TEN_MINUTES, memory: '1MB' }
    expect(rowOf(await replay(trace, { as: 'faascache', ...scenario }), 1)).toEqual({ invocations: 1, drops: 1 })
    expect(rowOf(await replay(trace, { as: NO_PRESET, ...scenario }), 1)).toEqual({
      invocations: 1,
      coldStarts: 1,
      first: 1,
      loads: 1,
      waits: 1,
      waitingMs: 6 * SECOND,
      loadingMs: SECOND,
      busyMs: SECOND,
      idleMs: 7 * SECOND,
    })
  })

  it('what was used twice stays, and what was used once goes, though that was later', async () => {
    // Room for two. When c comes, a has been used twice and b once; a was used longer ago. Then a comes again.
    const trace = traceOf(
      [
        [0, SECOND, 'a'],
        [3 * SECOND, SECOND, 'a'],
        [6 * SECOND, SECOND, 'b'],
        [9 * SECOND, SECOND, 'c'],
        [12 * SECOND, SECOND, 'a'],
      ],
      15 * SECOND,
    )
    const scenario = { policy: TEN_MINUTES, memory: '2MB' }
    const dual = await replay(trace, { as: 'faascache', ...scenario })
    expect([...dual.evictions]).toEqual([0, 1, 0])
    expect(dual.coldStarts[0]).toBe(1)
    const lru = await replay(trace, { as: NO_PRESET, ...scenario })
    expect([...lru.evictions]).toEqual([1, 1, 0])
    expect(lru.coldStarts[0]).toBe(2)
  })

  it('the invocations of a minute come at equal distances, the first at its start', async () => {
    // At 0, 20 s and 40 s; loading takes a second.
    expect(rowOf(await replay(countsOf(3), { as: 'faascache', policy: answers([0, 18 * SECOND]) }))).toEqual({
      invocations: 3,
      coldStarts: 2,
      first: 1,
      expired: 1,
      loads: 2,
      loadingMs: 2 * SECOND,
      busyMs: 3 * SECOND,
      // From 2 s for 18 s, which an arrival at its very end renews; from 21 s for 18 s; from 42 s for 18 s.
      idleMs: 3 * 18 * SECOND,
    })
  })
})
