import { describe, expect, it } from 'vitest'
import { NO_PRESET } from '../../../src/config/model-kinds.ts'
import { TraceBuilder } from '../../../src/trace/build/builder.ts'
import { MINUTE, replay, SECOND, TEN_MINUTES } from './replay.ts'

describe.each(['faascache', 'dslab'])('as %s', (as) => {
  it('the first node is filled before the second is used, so that a large app finds room', async () => {
    // Two nodes of 2 MB; a and b need 1 MB each and run for a minute, then c comes, which needs 2 MB.
    const builder = new TraceBuilder({ id: 'scenario', format: 'events' })
    for (const [app, start, mb] of [
      ['a', 0, 1],
      ['b', 1, 1],
      ['c', 2, 2],
    ] as const) {
      builder.addEvent(builder.functionRow('', app, 'f'), start * SECOND, MINUTE)
      builder.addMemory('', app, mb, 1)
    }
    const trace = builder.build(5 * MINUTE, { files: [], defects: [] })
    const scenario = { policy: TEN_MINUTES, memory: '2MB, count: 2' }
    const packed = await replay(trace, { as, ...scenario })
    expect([packed.coldStarts[2], packed.waits[2], packed.drops[2]]).toEqual([1, 0, 0])
    // One each on both nodes: c waits until the first has run, at 61 s.
    const spread = await replay(trace, { as: NO_PRESET, ...scenario })
    expect([spread.coldStarts[2], spread.waits[2], spread.waitingMs[2]]).toEqual([1, 1, 59 * SECOND])
  })
})
