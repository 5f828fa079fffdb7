import { describe, expect, it } from 'vitest'
import { NO_PRESET } from '../../../src/config/model-kinds.ts'
import { answers, rowOf, traceOf } from '../../sim/scenario.ts'
import { countsOf, MINUTE, replay, SECOND, TEN_MINUTES } from './replay.ts'

/* In the drawings, time runs to the right: L loading, B busy, - idle (loaded), . not loaded, | an arrival. */
describe('as opendc', () => {
  it('a function has one instance, which takes what comes while it loads and while it is busy', async () => {
    //          0   0.1  0.338      10      60.338  70
    //          |LLL|LLLLBBBBBBBBBBB|BBBBBBBBBBBBBBBB---
    const trace = traceOf(
      [
        [0, MINUTE],
        [100, MINUTE],
        [10 * SECOND, MINUTE],
      ],
      80 * SECOND,
    )
    expect(rowOf(await replay(trace, { as: 'opendc', policy: TEN_MINUTES }))).toEqual({
      invocations: 3,
      coldStarts: 1,
      joined: 1,
      first: 1,
      loads: 1,
      loadingMs: 338,
      busyMs: 70 * SECOND - 338,
      idleMs: 10 * SECOND,
    })
    expect(rowOf(await replay(trace, { as: NO_PRESET, policy: TEN_MINUTES }))).toMatchObject({
      coldStarts: 3,
      first: 1,
      scaleOut: 2,
      loads: 3,
    })
  })

  it('a window is renewed by use, and each function has its own', async () => {
    // f is used every six minutes and stays; g, of the same app, is cold for itself.
    const trace = traceOf(
      [
        [0, SECOND, 'a', 'f'],
        [6 * MINUTE, SECOND, 'a', 'f'],
        [12 * MINUTE, SECOND, 'a', 'f'],
        [13 * MINUTE, SECOND, 'a', 'g'],
      ],
      15 * MINUTE,
    )
    const { coldStarts } = await replay(trace, { as: 'opendc', policy: TEN_MINUTES })
    expect([...coldStarts]).toEqual([1, 1])
  })

  it('the invocations of a minute come at its start, so that all but one wait for the load', async () => {
    expect(rowOf(await replay(countsOf(3), { as: 'opendc', policy: answers([0, 0]) }))).toEqual({
      invocations: 3,
      coldStarts: 1,
      joined: 2,
      first: 1,
      loads: 1,
      loadingMs: 338,
      busyMs: SECOND,
    })
  })
})
